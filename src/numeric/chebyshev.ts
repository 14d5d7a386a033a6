/** Terms of a series of Chebyshev polynomials T₀ … T₁₅; a multiple of four. */
export const TERMS = 16;

const angle = (m: number, k: number) => (m * (2 * k + 1) * Math.PI) / (2 * TERMS);

/** Where T₁₆ is 0, in (−1, 1): a polynomial through values there is nearly the best there is. */
export const chebyshevNodes = Float64Array.from({length: TERMS}, (_, k) => Math.cos(angle(1, k)));

/** TERMS × TERMS: what a value at node k brings to the m-th term. */
const transform = Float64Array.from({length: TERMS * TERMS}, (_, at) => {
  const [m, k] = [Math.floor(at / TERMS), at % TERMS];
  return ((m === 0 ? 1 : 2) / TERMS) * Math.cos(angle(m, k));
});

/**
 * The series that takes given values at the nodes.
 *
 * @param values - at node k `values[from + k × step]`; the m-th term goes to `into[at + m × step]`
 * @see Trefethen (2013), Approximation Theory and Approximation Practice, chapters 3 and 4
 */
export function seriesOf(values: Float64Array, from: number, step: number, into: Float64Array, at: number): void {
  for (let m = 0; m < TERMS; m++) {
    let sum = 0;
    for (let k = 0; k < TERMS; k++) sum += transform[m * TERMS + k] * values[from + k * step];
    into[at + m * step] = sum;
  }
}

/**
 * Values at the nodes have these weights where the terms of their series have those.
 *
 * @param terms - TERMS of them from `from`; weights go to `into` from there
 */
export function nodeWeights(terms: Float64Array, from: number, into: Float64Array): void {
  for (let k = 0; k < TERMS; k++) {
    let sum = 0;
    for (let m = 0; m < TERMS; m++) sum += transform[m * TERMS + k] * terms[from + m];
    into[from + k] = sum;
  }
}
