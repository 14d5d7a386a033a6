/** Nodes and weights of Gauss–Legendre quadrature on [−1, 1], nodes ascending. */
export interface Quadrature {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/**
 * Exact for polynomials of degree 2n − 1.
 *
 * @see Abramowitz and Stegun (1964), 25.4.29; R `statmod::gauss.quad(n, "legendre")`
 */
export function gaussLegendre(n: number): Quadrature {
  const nodes = new Float64Array(n);
  const weights = new Float64Array(n);
  for (let k = 0; k < n; k++) {
    // A guess good enough for Newton's steps to find the k-th root and no other.
    let x = -Math.cos((Math.PI * (k + 0.75)) / (n + 0.5));
    let slope = 1;
    for (let step = 0; step < 20; step++) {
      let [previous, value] = [1, x];
      for (let degree = 2; degree <= n; degree++)
        [previous, value] = [value, ((2 * degree - 1) * x * value - (degree - 1) * previous) / degree];
      slope = (n * (x * value - previous)) / (x * x - 1);
      const change = value / slope;
      x -= change;
      if (Math.abs(change) < 1e-16) break;
    }
    nodes[k] = x;
    weights[k] = 2 / ((1 - x * x) * slope * slope);
  }
  return {nodes, weights};
}
