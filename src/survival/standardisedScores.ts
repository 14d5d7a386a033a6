/** Mean and standard deviation of the sum of m scores drawn without replacement, for every m. */
export interface StandardisedScores {
  readonly mean: (m: number) => number;
  readonly deviation: (m: number) => number;
}

/**
 * Permutation moments of a sum of m out of n scores.
 *
 * @see R `maxstat:::cmaxstat` 0.7-25
 */
export function standardisedScores(score: Float64Array): StandardisedScores {
  const n = score.length;
  let sum = 0;
  let square = 0;
  for (const s of score) {
    sum += s;
    square += s * s;
  }
  const scatter = n * square - sum * sum;
  return {
    mean: (m) => (m / n) * sum,
    deviation: (m) => Math.sqrt(((m * (n - m)) / (n * n * (n - 1))) * scatter)
  };
}
