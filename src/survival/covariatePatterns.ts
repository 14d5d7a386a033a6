/** Rows with the same value in every one of some columns share a pattern. */
export interface CovariatePatterns {
  /** By row: 0 … size − 1. */
  readonly of: Uint32Array;
  readonly size: number;
}

/** With more patterns than this share of the rows, looking at patterns instead of rows gains little. */
const WORTH = 0.25;

/**
 * Patterns of columns; missing values (NaN, −1) are values like others.
 *
 * @param columns - one value a row: numbers, or codes of a factor
 * @returns null where the rows are too different for patterns to be worth having
 */
export function covariatePatterns(columns: readonly (Float64Array | Int32Array)[]): CovariatePatterns | null {
  const n = columns[0].length;
  const slots = 1 << Math.ceil(Math.log2(2 * n * WORTH + 16));
  const hash = hashes(columns);
  const table = new Int32Array(slots).fill(-1); // hashed: the pattern there
  const first: number[] = []; // by pattern: its first row
  const of = new Uint32Array(n);
  for (let i = 0; i < n; i++) {
    let at = hash[i] & (slots - 1);
    while (table[at] >= 0 && !same(columns, i, first[table[at]])) at = (at + 1) & (slots - 1);
    if (table[at] < 0) {
      if (first.length > WORTH * n) return null;
      table[at] = first.length;
      first.push(i);
    }
    of[i] = table[at];
  }
  return {of, size: first.length};
}

/** Multiplying by odd constants and folding the high bits down. @see Appleby, MurmurHash3, fmix32 */
function hashes(columns: readonly (Float64Array | Int32Array)[]): Uint32Array {
  const hash = new Uint32Array(columns[0].length);
  const number = new Float64Array(1);
  const word = new Uint32Array(number.buffer);
  for (const column of columns)
    for (let i = 0; i < hash.length; i++) {
      number[0] = column[i] + 0; // −0 + 0 is 0
      let h = Math.imul(hash[i] ^ word[0], 0x85ebca6b) ^ Math.imul(word[1], 0xc2b2ae35);
      h ^= h >>> 15;
      h = Math.imul(h, 0x9e3779b1);
      hash[i] = h ^ (h >>> 13);
    }
  return hash;
}

function same(columns: readonly (Float64Array | Int32Array)[], a: number, b: number): boolean {
  for (const column of columns) {
    const [v, w] = [column[a], column[b]];
    if (v !== w && (v === v || w === w)) return false;
  }
  return true;
}
