/**
 * Cholesky factors of a symmetric non-negative matrix in which some columns may depend linearly on earlier ones.
 *
 * A redundant column's pivot is set to 0 and the column is passed over, so that solutions and inverses hold 0 there, as R's
 * `cholesky2` has it. All matrices are k × k, row by row.
 */
export interface Cholesky {
  readonly size: number;
  /** Lower triangle. */
  readonly factor: Float64Array;
  /** By column: 1 if it depends on earlier ones. */
  readonly redundant: Uint8Array;
  readonly rank: number;
}

/** A pivot below this share of its diagonal element is rounding, not information. */
const TOLERANCE = 1e-11;

/**
 * @param matrix - k × k; only the lower triangle is read
 * @param known - columns to pass over, whatever their pivots
 */
export function cholesky(matrix: Float64Array, size: number, known?: Uint8Array): Cholesky {
  const factor = new Float64Array(size * size);
  const redundant = new Uint8Array(size);
  let rank = 0;
  for (let j = 0; j < size; j++) {
    const diagonal = matrix[j * size + j];
    let pivot = diagonal;
    for (let m = 0; m < j; m++) pivot -= factor[j * size + m] ** 2;
    if (known?.[j] || !(pivot > TOLERANCE * diagonal)) {
      redundant[j] = 1;
      continue;
    }
    rank++;
    const root = Math.sqrt(pivot);
    factor[j * size + j] = root;
    for (let i = j + 1; i < size; i++) {
      let value = matrix[i * size + j];
      for (let m = 0; m < j; m++) value -= factor[i * size + m] * factor[j * size + m];
      factor[i * size + j] = value / root;
    }
  }
  // A redundant column's row was filled while later columns were not yet known; it takes no part.
  for (let j = 0; j < size; j++) if (redundant[j]) for (let m = 0; m < size; m++) factor[j * size + m] = 0;
  return {size, factor, redundant, rank};
}

/** x with A x = b; 0 in redundant columns. */
export function solve({size, factor, redundant}: Cholesky, b: ArrayLike<number>): Float64Array {
  const x = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    if (redundant[i]) continue;
    let value = b[i];
    for (let m = 0; m < i; m++) value -= factor[i * size + m] * x[m];
    x[i] = value / factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    if (redundant[i]) continue;
    let value = x[i];
    for (let m = i + 1; m < size; m++) value -= factor[m * size + i] * x[m];
    x[i] = value / factor[i * size + i];
  }
  return x;
}

/** A⁻¹; rows and columns of redundant columns are 0. */
export function inverse(chol: Cholesky): Float64Array {
  const {size, redundant} = chol;
  const result = new Float64Array(size * size);
  const unit = new Float64Array(size);
  for (let j = 0; j < size; j++) {
    if (redundant[j]) continue;
    unit[j] = 1;
    const column = solve(chol, unit);
    unit[j] = 0;
    for (let i = 0; i < size; i++) result[i * size + j] = column[i];
  }
  return result;
}

/** x′ A⁻¹ x over the columns that are not redundant. */
export function quadratic(chol: Cholesky, x: ArrayLike<number>): number {
  const solved = solve(chol, x);
  let sum = 0;
  for (let i = 0; i < chol.size; i++) sum += solved[i] * x[i];
  return sum;
}
