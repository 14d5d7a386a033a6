/**
 * A wide matrix Z (n × p, n ≪ p) seen from its rows: factor with factor · factorᵀ = Z Zᵀ. A ridge model on Z's p columns
 * is the same ridge model on the factor's few: with coefficients γ there, the predictor is factor · γ, the penalty |γ|²,
 * and the coefficients on Z follow from `columns`.
 */
export interface RowSpace {
  readonly rows: number;
  readonly rank: number;
  /** rows × rank, row by row. */
  readonly factor: Float64Array;
  /** γ (length rank) → the coefficients on Z (length p) with the same predictor and the same norm. */
  readonly columns: (gamma: Float64Array) => Float64Array;
}

/** A pivot this far below the largest is rounding, not a direction of the data. */
const smallestPivot = 1e-10;

/**
 * Pivoted Cholesky factor of Z Zᵀ.
 *
 * @param z - n × p, row by row
 * @see Higham (2002), Accuracy and Stability of Numerical Algorithms, 10.3
 */
export function rowSpace(z: Float64Array, rows: number): RowSpace {
  const width = z.length / rows;
  const row = (i: number) => z.subarray(i * width, (i + 1) * width);
  const left = Float64Array.from({length: rows}, (_, i) => dot(row(i), row(i)));
  const largest = left.reduce((most, value) => Math.max(most, value), 0);
  const pivots: number[] = [];
  const steps: Float64Array[] = [];
  while (pivots.length < rows) {
    const pivot = left.reduce((best, value, i) => (value > left[best] ? i : best), 0);
    if (!(left[pivot] > smallestPivot * largest)) break;
    const root = Math.sqrt(left[pivot]);
    const step = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      if (left[i] < 0) continue; // already a pivot: its factor row is complete
      let sum = i === pivot ? left[pivot] : dot(row(i), row(pivot));
      if (i !== pivot) for (const earlier of steps) sum -= earlier[i] * earlier[pivot];
      step[i] = sum / root;
      left[i] = i === pivot ? -1 : Math.max(0, left[i] - step[i] ** 2);
    }
    pivots.push(pivot);
    steps.push(step);
  }
  const rank = pivots.length;
  const factor = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) for (let k = 0; k < rank; k++) factor[i * rank + k] = steps[k][i];
  const columns = (gamma: Float64Array) => {
    const alpha = solveTransposed(steps, pivots, gamma);
    const coefficients = new Float64Array(width);
    pivots.forEach((pivot, k) => row(pivot).forEach((value, j) => (coefficients[j] += alpha[k] * value)));
    return coefficients;
  };
  return {rows, rank, factor, columns};
}

/** Solves Lᵀ α = γ, L being the triangle of the factor's pivot rows. */
function solveTransposed(steps: readonly Float64Array[], pivots: readonly number[], gamma: Float64Array): Float64Array {
  const alpha = Float64Array.from(gamma);
  for (let k = pivots.length - 1; k >= 0; k--) {
    for (let later = k + 1; later < pivots.length; later++) alpha[k] -= steps[k][pivots[later]] * alpha[later];
    alpha[k] /= steps[k][pivots[k]];
  }
  return alpha;
}

/** Inner product of two vectors of one length. */
export function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let k = 0; k < a.length; k++) sum += a[k] * b[k];
  return sum;
}
