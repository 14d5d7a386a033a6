import {kaplanMeier} from "./kaplanMeier.js";
import type {KaplanMeier, KaplanMeierOptions} from "./kaplanMeier.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

/** A time by which a share of the patients had the event, with its limits; NaN where the curve does not come so low. */
export interface SurvivalQuantile {
  /** Share with the event: 0.5 is the median. */
  readonly probability: number;
  readonly time: number;
  readonly lower: number;
  readonly upper: number;
}

/** Steps nearer than this to the quantile count as on it: R's tolerance. */
const TOLERANCE = Math.sqrt(Number.EPSILON);

/**
 * Quantiles of a survival curve with Brookmeyer–Crowley limits: the times at which the confidence band crosses.
 *
 * Where the curve is flat at the quantile, the answer is the middle of the flat.
 *
 * @param probabilities - in [0, 1]
 * @see R `quantile(survfit(…), probs)` 3.5-3; Brookmeyer and Crowley (1982), Biometrics 38:29–41
 */
export function quantile(curve: KaplanMeier, probabilities: readonly number[]): SurvivalQuantile[] {
  for (const p of probabilities)
    if (!(p >= 0 && p <= 1)) throw new SurvivalInputError(`quantile: ${p} is no probability between 0 and 1.`);
  const [time, lower, upper] = [curve.survival, curve.lower, curve.upper].map((s) =>
    crossings(curve.time, s, probabilities)
  );
  return probabilities.map((probability, q) => ({probability, time: time[q], lower: lower[q], upper: upper[q]}));
}

/** Median survival with its limits. */
export function median(curve: KaplanMeier): SurvivalQuantile {
  return quantile(curve, [0.5])[0];
}

/**
 * Median follow-up by the reverse Kaplan–Meier: censoring is the event.
 *
 * @see R `quantile(survfit(Surv(time, 1 - event) ~ 1), 0.5)`; Schemper and Smith (1996), Control Clin Trials 17:343–346
 */
export function medianFollowUp(input: SurvInput, options: KaplanMeierOptions = {}): SurvivalQuantile {
  const turn = (event: ArrayLike<number>) => Array.from(event, (e) => 1 - e);
  if (!("surv" in input)) return median(kaplanMeier({...input, event: turn(input.event)}, options));
  const {surv: cohort, rows} = input;
  return median(kaplanMeier({surv: {...cohort, event: Uint8Array.from(turn(cohort.event))}, rows}, options));
}

/** First time at which 1 − S reaches p: the mean of the answers just above and just below p, as R's `findq` has it. */
function crossings(time: Float64Array, survival: Float64Array, probabilities: readonly number[]): number[] {
  const x: number[] = [0];
  const y: number[] = [0];
  for (let j = 0; j < time.length; j++) {
    const failed = 1 - survival[j];
    if (failed !== failed || failed === y[y.length - 1]) continue;
    x.push(time[j]);
    y.push(failed);
  }
  const last = y[y.length - 1];
  const end = time[time.length - 1];
  // R asks this of the curve before it allows for rounding.
  if (last < Math.min(...probabilities)) return probabilities.map(() => NaN);
  const first = (reached: (value: number) => boolean) => {
    const i = y.findIndex(reached);
    return i < 0 ? NaN : x[i];
  };
  return probabilities.map((p) => {
    if (p === 0) return x[0];
    const from = first((value) => value + TOLERANCE >= p);
    const bandEnds = Number.isNaN(survival[survival.length - 1]);
    if (!bandEnds && Math.abs(p - last) < TOLERANCE) return (from + end) / 2;
    return (from + first((value) => value - TOLERANCE >= p)) / 2;
  });
}
