/**
 * x′ V⁻¹ x for a symmetric non-negative V, by Cholesky factors.
 *
 * @param x - length k
 * @param v - k × k, row by row
 * @returns NaN if V is singular: some combination of x does not vary at all
 */
export function quadraticForm(x: ArrayLike<number>, v: ArrayLike<number>): number {
  const k = x.length;
  const factor = new Float64Array(k * k);
  const solved = new Float64Array(k);
  let sum = 0;
  for (let i = 0; i < k; i++) {
    for (let j = 0; j <= i; j++) {
      let value = v[i * k + j];
      for (let m = 0; m < j; m++) value -= factor[i * k + m] * factor[j * k + m];
      if (j < i) factor[i * k + j] = value / factor[j * k + j];
      else if (value > 1e-12 * v[i * k + i]) factor[i * k + i] = Math.sqrt(value);
      else return NaN;
    }
    let value = x[i];
    for (let m = 0; m < i; m++) value -= factor[i * k + m] * solved[m];
    solved[i] = value / factor[i * k + i];
    sum += solved[i] ** 2;
  }
  return sum;
}
