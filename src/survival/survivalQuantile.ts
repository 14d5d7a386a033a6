import {halfWidthsOf, kaplanMeier, limitsOf} from "./kaplanMeier.js";
import type {KaplanMeier, KaplanMeierOptions} from "./kaplanMeier.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";
import {survivalLimits} from "./survivalLimits.js";

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
  const [time, lower, upper] = columnsOf(curve).map((column) => crossings(curve.time, column, probabilities));
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

/** Values that fall with the steps, computed one at a time. */
interface Falling {
  readonly at: (step: number) => number;
  /** No value of the steps from the first to the last is less; NaN where that cannot be said. */
  readonly least: (first: number, last: number) => number;
}

/** The curve and its limits. */
function columnsOf(curve: KaplanMeier): Falling[] {
  const {survival, interval} = curve;
  const [limits, half] = [limitsOf(curve), halfWidthsOf(curve)];
  return [
    {at: (j) => survival[j], least: (_, last) => survival[last]},
    {
      at: (j) => limits(j)[0],
      // A lower limit falls with S and with the error; log-log ones do so only once −log S is above the error.
      least: (first, last) =>
        interval === "log-log" && -Math.log(survival[first]) < half(last) ? NaN : limits(last)[0]
    },
    {at: (j) => limits(j)[1], least: (first, last) => survivalLimits(survival[last], half(first), interval)[1]}
  ];
}

/** So many steps are passed over at once where none of them can be the answer. */
const AT_ONCE = 64;

/** First time at which 1 − S reaches p: the mean of the answers just above and just below p, as R's `findq` has it. */
function crossings(time: Float64Array, {at, least}: Falling, probabilities: readonly number[]): number[] {
  const steps = time.length;
  let known = steps - 1;
  while (known >= 0 && Number.isNaN(at(known))) known--;
  const last = known < 0 ? 0 : 1 - at(known);
  const end = time[steps - 1];
  // R asks this of the curve before it allows for rounding.
  if (last < Math.min(...probabilities)) return probabilities.map(() => NaN);
  /** First time at which 1 − S, raised a little, reaches p; 0 before the first step. */
  const first = (p: number, raised: number) => {
    if (raised >= p) return 0;
    for (let j = 0; j < steps; j++) {
      if (j % AT_ONCE === 0)
        // Rounding of the bound must not pass the answer over.
        while (j + AT_ONCE < steps && 1 - least(j, j + AT_ONCE - 1) + raised < p - TOLERANCE) j += AT_ONCE;
      if (1 - at(j) + raised >= p) return time[j];
    }
    return NaN;
  };
  return probabilities.map((p) => {
    if (p === 0) return 0;
    const from = first(p, TOLERANCE);
    const bandEnds = steps > 0 && Number.isNaN(at(steps - 1));
    if (!bandEnds && Math.abs(p - last) < TOLERANCE) return (from + end) / 2;
    return (from + first(p, -TOLERANCE)) / 2;
  });
}
