import {normalQuantile} from "../numeric/distributions.js";
import {competingRows} from "./competingRows.js";
import type {CompetingInput} from "./competingRows.js";
import {countCauses} from "./cumulativeIncidence.js";
import type {CauseCounts} from "./cumulativeIncidence.js";
import {SurvivalInputError} from "./surv.js";

/** Mean time lost to one kind of event up to τ: the area under its cumulative incidence. */
export interface RestrictedTimeLost {
  readonly cause: number;
  readonly timeLost: number;
  /** Infinitesimal jackknife. */
  readonly standardError: number;
  /** Normal limits, which may lie below 0 where few have the event. */
  readonly lower: number;
  readonly upper: number;
  readonly tau: number;
}

/**
 * Restricted mean time lost to a kind of event in the presence of others. With the time lost to the others and the mean time
 * free of every event it adds up to τ.
 *
 * @param input - as `cumulativeIncidence` takes it
 * @param cause - code in `status`; nothing is lost to a kind that was never seen
 * @param tau - in the unit of time
 * @throws {SurvivalInputError} if tau is not above 0, or lies beyond the last follow-up while somebody is free of every event
 * @see R `summary(survfit(Surv(time, factor(status)) ~ 1, influence = TRUE), rmean = tau)` 3.5-3; Andersen (2013), Stat Med
 *   32:5278–5285
 */
export function restrictedTimeLost(
  input: CompetingInput,
  cause: number,
  tau: number,
  {confidence = 0.95}: {readonly confidence?: number} = {}
): RestrictedTimeLost {
  const who = "restrictedTimeLost";
  if (!(tau > 0 && tau < Infinity)) throw new SurvivalInputError(`${who}: tau must be above 0, got ${tau}.`);
  const {rows, causes} = competingRows(input, who, {entry: true});
  const counts = countCauses(rows, input.status, causes);
  const steps = stepsOf(counts, causes.indexOf(cause));
  const last = counts.time[counts.time.length - 1];
  if (tau > last && steps.eventFree[steps.eventFree.length - 1] > 0)
    throw new SurvivalInputError(`${who}: tau = ${tau} lies beyond the last follow-up, ${last}; choose at most that.`);
  const {timeLost, variance} = areaOf(counts, steps, causes.indexOf(cause), tau);
  const standardError = Math.sqrt(variance);
  const half = normalQuantile((1 + confidence) / 2) * standardError;
  return {cause, timeLost, standardError, lower: timeLost - half, upper: timeLost + half, tau};
}

/** A column a time, each with its value before the first time put in front. */
interface Steps {
  readonly eventFree: Float64Array;
  readonly incidence: Float64Array;
  /** A and B of `cumulativeIncidence`'s variance. */
  readonly a: Float64Array;
  readonly b: Float64Array;
}

function stepsOf({atRisk, any, byCause}: CauseCounts, c: number): Steps {
  const [eventFree, incidence, a, b] = [1, 0, 0, 0].map((v) => new Float64Array(atRisk.length + 1).fill(v));
  for (let j = 0; j < atRisk.length; j++) {
    const [r, d] = [atRisk[j], any[j]];
    const step = c < 0 ? 0 : (eventFree[j] * byCause[c][j]) / r;
    eventFree[j + 1] = eventFree[j] * (1 - d / r);
    incidence[j + 1] = incidence[j] + step;
    a[j + 1] = a[j] + (d > 0 && r > d ? d / (r * (r - d)) : 0);
    b[j + 1] = b[j] + step * (a[j] - 1 / r);
  }
  return {eventFree, incidence, a, b};
}

/** Integrals up to each time, and up to τ, of 1 and of a column that keeps its value until the next time. */
function integrals(time: Float64Array, tau: number, column: Float64Array | null): Float64Array {
  const sums = new Float64Array(time.length + 1);
  for (let j = 0; j < time.length; j++) {
    const until = j + 1 < time.length ? Math.min(time[j + 1], tau) : tau;
    sums[j + 1] = sums[j] + Math.max(0, until - time[j]) * (column ? column[j + 1] : 1);
  }
  return sums;
}

/**
 * The area under the incidence F and the sum of squares of its derivatives by the patients' weights: each the integral of the
 * patient's derivative D(t) of F(t), which `cumulativeIncidence` describes, here in one piece while followed and one after.
 */
function areaOf(counts: CauseCounts, {eventFree, incidence, a, b}: Steps, c: number, tau: number) {
  const {time, atRisk, any, left, first, cause} = counts;
  const [length, areaF, areaB] = [null, incidence, b].map((column) => integrals(time, tau, column));
  const end = time.length;
  let variance = 0;
  for (let k = 0; k < left.length; k++) {
    const [from, to] = [first[k], left[k]];
    const u = b[from] - a[from] * incidence[from];
    const followed = areaB[to] - areaB[from] - u * (length[to] - length[from]) - a[from] * (areaF[to] - areaF[from]);
    const [r, d, f] = [atRisk[to], any[to], incidence[to + 1]];
    const settled = b[to + 1] - u - a[from] * f + (cause[k] >= 0 && cause[k] === c ? eventFree[to] / r : 0);
    const slope = r > d ? a[to + 1] - a[from] - (cause[k] >= 0 ? 1 / (r - d) : 0) : 0;
    const rest = length[end] - length[to];
    const after = settled * rest + slope * (areaF[end] - areaF[to] - f * rest);
    variance += (followed + after) ** 2;
  }
  return {timeLost: areaF[end], variance};
}
