import {dot} from "./dot.js";

/** Least squares by an orthogonal factorisation, which squares no condition number. */
export interface LeastSquares {
  /** One coefficient a column; NaN for a column that depends linearly on earlier ones. */
  readonly coef: Float64Array;
  /** Unscaled covariance (XᵀWX)⁻¹, row-major over all columns; NaN where a coefficient is. */
  readonly covariance: Float64Array;
}

/**
 * Weighted least squares of `response` on columns.
 *
 * Columns are orthogonalised in order (Gram–Schmidt, twice). A column whose remainder is below `tolerance` of its own
 * length is left out, as R leaves out the later of collinear terms.
 *
 * @param columns - p columns of length n
 * @param weight - length n, ≥ 0
 * @param response - length n
 * @param tolerance - relative; R's glm uses 1e-11
 * @see R `lm.wfit`, `glm.fit` (LINPACK dqrls)
 */
export function weightedLeastSquares(
  columns: readonly Float64Array[],
  weight: Float64Array,
  response: Float64Array,
  tolerance = 1e-11
): LeastSquares {
  const root = weight.map(Math.sqrt);
  const basis: Float64Array[] = [];
  const kept: number[] = [];
  const upper: number[][] = []; // upper[k]: coordinates of the k-th kept column in the basis
  columns.forEach((column, j) => {
    const q = column.map((x, i) => x * root[i]);
    const length = norm(q);
    const along = project(q, basis);
    const rest = norm(q);
    if (!(rest > tolerance * length)) return;
    for (let i = 0; i < q.length; i++) q[i] /= rest;
    basis.push(q);
    kept.push(j);
    upper.push([...along, rest]);
  });
  const target = response.map((y, i) => y * root[i]);
  const inverse = invertUpper(upper);
  const along = project(target, basis);
  return spread(columns.length, kept, inverse, along);
}

/**
 * The same by Cholesky's factor of XᵀWX (`solveNormalEquations`).
 *
 * @returns null where a column comes so close to the earlier ones that digits would be lost
 */
export function normalEquations(
  columns: readonly Float64Array[],
  weight: Float64Array,
  response: Float64Array
): LeastSquares | null {
  const p = columns.length;
  const n = weight.length;
  const products = new Float64Array(p * p);
  const along = new Float64Array(p);
  const weighted = new Float64Array(n);
  for (let j = 0; j < p; j++) {
    const column = columns[j];
    for (let i = 0; i < n; i++) weighted[i] = weight[i] * column[i];
    along[j] = dot(weighted, response);
    for (let l = 0; l <= j; l++) products[j * p + l] = products[l * p + j] = dot(weighted, columns[l]);
  }
  return solveNormalEquations(products, along);
}

/** Columns of unit length whose remainder beside the earlier ones is shorter than this are too close for their squares. */
const APART = 1e-3;

/**
 * Coefficients from products of the columns, by Cholesky's factor, columns scaled to unit length: the squares cost digits
 * (about six at worst), which do not matter to a step of an iteration that ends where the gradient is 0.
 *
 * @param products - p × p: XᵀWX
 * @param along - p: XᵀWy
 * @returns null where a column comes so close to the earlier ones that more digits would be lost
 */
export function solveNormalEquations(products: Float64Array, along: Float64Array): LeastSquares | null {
  const p = along.length;
  const length = along.map((_, j) => Math.sqrt(products[j * p + j]));
  const lower = new Float64Array(p * p);
  for (let j = 0; j < p; j++) {
    for (let l = 0; l <= j; l++) {
      let rest = products[j * p + l] / (length[j] * length[l]);
      for (let k = 0; k < l; k++) rest -= lower[j * p + k] * lower[l * p + k];
      if (l < j) lower[j * p + l] = rest / lower[l * p + l];
      else if (rest > APART ** 2) lower[j * p + j] = Math.sqrt(rest);
      else return null;
    }
  }
  // Rows of the lower factor are the columns of the upper one.
  const inverse = invertUpper(Array.from({length: p}, (_, k) => Array.from(lower.subarray(k * p, k * p + k + 1))));
  const coef = new Float64Array(p);
  const covariance = new Float64Array(p * p);
  for (let j = 0; j < p; j++)
    for (let l = 0; l < p; l++) {
      let sum = 0;
      for (let k = Math.max(j, l); k < p; k++) sum += inverse[j][k] * inverse[l][k];
      covariance[j * p + l] = sum / (length[j] * length[l]);
      coef[j] += covariance[j * p + l] * along[l];
    }
  return {coef, covariance};
}

function spread(p: number, kept: number[], inverse: number[][], along: number[]): LeastSquares {
  const coef = new Float64Array(p).fill(NaN);
  const covariance = new Float64Array(p * p).fill(NaN);
  kept.forEach((j, a) => {
    coef[j] = 0;
    for (let k = a; k < kept.length; k++) coef[j] += inverse[a][k] * along[k];
    kept.forEach((l, b) => {
      let sum = 0;
      for (let k = Math.max(a, b); k < kept.length; k++) sum += inverse[a][k] * inverse[b][k];
      covariance[j * p + l] = sum;
    });
  });
  return {coef, covariance};
}

/** Takes the basis out of v, in place; returns the coordinates. The second pass removes what rounding left. */
function project(v: Float64Array, basis: readonly Float64Array[]): number[] {
  const along = basis.map(() => 0);
  for (let pass = 0; pass < 2; pass++)
    basis.forEach((q, k) => {
      const length = dot(v, q);
      for (let i = 0; i < v.length; i++) v[i] -= length * q[i];
      along[k] += length;
    });
  return along;
}

const norm = (v: Float64Array) => Math.sqrt(dot(v, v));

/** Inverse of the upper triangle whose k-th column is upper[k]. */
function invertUpper(upper: number[][]): number[][] {
  const p = upper.length;
  const inverse = Array.from({length: p}, () => new Array<number>(p).fill(0));
  for (let k = 0; k < p; k++) {
    inverse[k][k] = 1 / upper[k][k];
    for (let i = k - 1; i >= 0; i--) {
      let sum = 0;
      for (let l = i + 1; l <= k; l++) sum += upper[l][i] * inverse[l][k];
      inverse[i][k] = -sum / upper[i][i];
    }
  }
  return inverse;
}
