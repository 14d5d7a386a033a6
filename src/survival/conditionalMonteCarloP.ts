import {standardisedScores} from "./standardisedScores.js";

/**
 * Adjusted p of a maximally selected statistic by permuting the scores over the marker.
 *
 * p = (1 + permutations at least as extreme) / (1 + permutations), so p is never 0; R's maxstat divides without the 1.
 *
 * @param observed - largest absolute standardised statistic
 * @param score - length n, in any order
 * @param atOrBelow - ascending numbers of patients at or below each cut
 * @param uniform - seeded source of numbers in [0, 1)
 * @returns p and its Monte-Carlo standard error
 * @see R `maxstat::pmaxperm` 0.7-25
 */
export function conditionalMonteCarloP(
  observed: number,
  score: Float64Array,
  atOrBelow: Uint32Array,
  permutations: number,
  uniform: () => number
): {p: number; pStandardError: number} {
  const {mean, deviation} = standardisedScores(score);
  const cuts = Array.from(atOrBelow, (m) => ({m, mean: mean(m), reach: observed * deviation(m) * (1 - 1e-12)}));
  const last = atOrBelow[atOrBelow.length - 1];
  const shuffled = Float64Array.from(score);
  let extreme = 0;
  for (let b = 0; b < permutations; b++) {
    shuffle(shuffled, last, uniform);
    let sum = 0;
    let k = 0;
    for (const cut of cuts) {
      while (k < cut.m) sum += shuffled[k++];
      if (Math.abs(sum - cut.mean) < cut.reach) continue;
      extreme++;
      break;
    }
  }
  const p = (1 + extreme) / (1 + permutations);
  return {p, pStandardError: Math.sqrt((p * (1 - p)) / (1 + permutations))};
}

/** A fresh draw without replacement of the first `count` values (Fisher–Yates, stopped early). */
function shuffle(values: Float64Array, count: number, uniform: () => number): void {
  for (let k = 0; k < Math.min(count, values.length - 1); k++) {
    const j = k + Math.floor(uniform() * (values.length - k));
    [values[k], values[j]] = [values[j], values[k]];
  }
}
