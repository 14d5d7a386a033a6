import {standardisedScores} from "./standardisedScores.js";
import {SurvivalInputError} from "./surv.js";

/** Cells of the table of subset sums that may be held at once: 8 bytes each. */
const cellLimit = 2e7;

/** Scores on the integers 0 … n, as the exact method needs them. */
export function integerScores(score: Float64Array): Float64Array {
  if (score.every(Number.isInteger)) return score;
  if (score.every((s) => Number.isInteger(2 * s))) return score.map((s) => 2 * s);
  const low = score.reduce((a, b) => Math.min(a, b));
  const high = score.reduce((a, b) => Math.max(a, b)) - low;
  return score.map((s) => roundHalfEven(((s - low) * score.length) / high));
}

/** To the nearest whole number, halves to even; a value that rounding noise moved off a half counts as the half. */
function roundHalfEven(x: number): number {
  const low = Math.floor(x);
  const share = x - low;
  if (Math.abs(share - 0.5) > 1e-9) return share > 0.5 ? low + 1 : low;
  return low % 2 === 0 ? low : low + 1;
}

/**
 * Hothorn and Lausen's bound on the exact conditional p of a maximally selected statistic over integer scores.
 *
 * The distribution of every partial sum is counted (Streitberg and Röhmel's shift algorithm); a path that exceeds the
 * bound at one cut and again one patient later is counted once. Counts are divided by the binomial coefficient, so that
 * no factorial overflows: R's own code gives NaN beyond 170 patients, ours goes on until the table is too large.
 *
 * @param statistic - largest absolute standardised statistic of the integer scores
 * @param score - integer scores by ascending marker
 * @param atOrBelow - ascending numbers of patients at or below each cut
 * @throws {SurvivalInputError} if the table would need more than 160 MB
 * @see R `maxstat::pmaxstat` 0.7-25; Hothorn and Lausen (2003), Comput Stat Data Anal 43:121–137
 */
export function hothornLausenP(statistic: number, score: Float64Array, atOrBelow: Uint32Array): number {
  const n = score.length;
  const low = score.reduce((a, b) => Math.min(a, b));
  const shifted = score.map((s) => s - low);
  const total = shifted.reduce((a, b) => a + b, 0);
  const top = shifted.reduce((a, b) => Math.max(a, b), 0);
  const width = total + 1;
  if ((n + 1) * width > cellLimit)
    throw new SurvivalInputError(
      `maximallySelectedLogRank: pMethod "HL" is too large for ${n} patients; use "Lau94" or "condMC" instead.`
    );
  const {mean, deviation} = standardisedScores(shifted);
  const share = subsetSumShares(shifted, width);
  const beyond = (m: number, sum: number) => Math.abs((sum - mean(m)) / deviation(m)) > statistic;
  if (atOrBelow.length === 1) return oneCut(share, width, atOrBelow[0], mean, deviation, statistic);
  const reachedBeyond = (m: number, sum: number) => sum < width && share[m * width + sum] > 0 && beyond(m, sum);
  let p = 0;
  for (const m of atOrBelow) {
    let mass = 0;
    for (let sum = 1; sum < width; sum++) if (reachedBeyond(m, sum)) mass += share[m * width + sum];
    if (m > atOrBelow[0]) mass -= doublyCounted(share, width, m - 1, mean(m - 1), top, reachedBeyond);
    p += mass;
  }
  return Math.min(1, Math.max(0, p));
}

/** Mass already beyond the bound with m patients and still beyond it with the extreme next score. */
function doublyCounted(
  share: Float64Array,
  width: number,
  m: number,
  centre: number,
  top: number,
  reachedBeyond: (m: number, sum: number) => boolean
): number {
  let mass = 0;
  for (let sum = 1; sum < width; sum++) {
    if (sum === centre || !reachedBeyond(m, sum)) continue;
    if (reachedBeyond(m + 1, sum < centre ? sum + top : sum)) mass += share[m * width + sum];
  }
  return mass;
}

function oneCut(
  share: Float64Array,
  width: number,
  m: number,
  mean: (m: number) => number,
  deviation: (m: number) => number,
  statistic: number
): number {
  const reach = statistic * deviation(m) * (1 - 1e-12);
  let p = 0;
  for (let sum = 0; sum < width; sum++) if (Math.abs(sum - mean(m)) >= reach) p += share[m * width + sum];
  return Math.min(1, p);
}

/** share[m · width + s]: the share of the subsets of m patients whose scores sum to s. */
function subsetSumShares(score: Float64Array, width: number): Float64Array {
  const n = score.length;
  const share = new Float64Array((n + 1) * width);
  share[0] = 1;
  let reached = 0;
  for (let k = 0; k < n; k++) {
    // Adding patient k to subsets among the first k: C(k+1, m+1) subsets, so a share moves with weight (m+1)/(k+1).
    for (let m = k; m >= 0; m--) {
      const [from, to] = [m * width, (m + 1) * width];
      const stay = 1 - (m + 1) / (k + 1);
      const join = (m + 1) / (k + 1);
      for (let s = reached + score[k]; s >= 0; s--)
        share[to + s] = share[to + s] * stay + (s >= score[k] ? share[from + s - score[k]] * join : 0);
    }
    reached += score[k];
  }
  return share;
}
