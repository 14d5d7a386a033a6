import {philox} from "../numeric/random.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {drawRows} from "./bootstrapOptimism.js";
import {checkProbability, completeRows, pick} from "./completeRows.js";
import {locateHorizon} from "./eventProbability.js";
import {netBenefitScan} from "./netBenefit.js";
import {pauseForEvents} from "./pauseForEvents.js";
import {reclassified} from "./reclassification.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** Percentile limits of one figure over the resamples. */
export interface BootstrapInterval {
  readonly lower: number;
  readonly upper: number;
}

/** What resampling the patients says of fixed predictions; the models are not fitted again. */
export interface BootstrapPerformance {
  /** By name of the risk: limits of net benefit, aligned with the thresholds; NaN where too few resamples have one. */
  readonly netBenefit: Readonly<Record<string, {readonly lower: Float64Array; readonly upper: Float64Array}>>;
  /** By pair, in the order given. */
  readonly reclassification: readonly {
    readonly risk: string;
    readonly reference: string;
    readonly nri: BootstrapInterval;
    readonly idi: BootstrapInterval;
  }[];
  readonly resamples: number;
  readonly n: number;
}

export interface BootstrapPerformanceOptions {
  readonly thresholds: NumericColumn;
  /** Pairs of names: the first is compared with the second. */
  readonly pairs?: readonly (readonly [string, string])[];
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
  /** Default 0.95. */
  readonly confidence?: number;
  readonly onProgress?: (done: number, of: number) => void;
  /** Stops the work: the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

const who = "bootstrapPerformance";

/** A figure that this share of the resamples cannot give has no limits. */
const largestShareMissing = 0.05;

/**
 * Percentile bootstrap of decision curves, continuous NRI and IDI.
 *
 * @param input - follow-up (time and event) and `risks`: name → predicted probability of the event by the horizon; rows
 *   missing any are left out
 * @param horizon - in the unit of time
 * @throws {SurvivalInputError} if a risk or threshold is out of range
 * @see Efron and Tibshirani (1993), An Introduction to the Bootstrap, chapter 13
 */
export async function bootstrapPerformance(
  input: SurvInput & {readonly risks: Readonly<Record<string, NumericColumn>>},
  horizon: number,
  options: BootstrapPerformanceOptions
): Promise<BootstrapPerformance> {
  const {thresholds, pairs = [], resamples = 1000, seed = 1, confidence = 0.95, onProgress, signal} = options;
  const {surv, row, slot} = completeRows(input, input.risks, who);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const risks = new Map(Object.entries(input.risks).map(([name, column]) => [name, pick(column, row)]));
  for (const [name, risk] of risks) checkProbability(risk, row, name, who);
  const at = locateHorizon(surv.distinctTime, horizon);
  const scans = [...risks].map(([name, risk]) => ({
    name,
    scan: netBenefitScan(event, slot, risk, at, thresholds, who),
    drawn: Array.from(thresholds, () => new Float64Array(resamples))
  }));
  const changes = pairs.map(([risk, reference]) => ({
    risk,
    reference,
    nri: new Float64Array(resamples),
    idi: new Float64Array(resamples)
  }));
  const n = row.length;
  const {uniform} = philox(seed);
  const pause = pauseForEvents();
  for (let b = 0; b < resamples; b++) {
    signal?.throwIfAborted();
    const rows = drawRows(n, uniform).sort(); // ascending positions keep the order of time
    const copies = new Uint32Array(n);
    for (const k of rows) copies[k]++;
    for (const {scan, drawn} of scans) scan.at(copies).netBenefit.forEach((value, j) => (drawn[j][b] = value));
    if (changes.length > 0) {
      const drawnEvent = Uint8Array.from(rows, (k) => event[k]);
      const drawnSlot = Uint32Array.from(rows, (k) => slot[k]);
      const drawnRisk = new Map([...risks].map(([name, risk]) => [name, Float64Array.from(rows, (k) => risk[k])]));
      for (const {risk, reference, nri, idi} of changes) {
        const [first, second] = [drawnRisk.get(risk)!, drawnRisk.get(reference)!];
        const sums = reclassified(drawnEvent, drawnSlot, surv.distinctTime.length, at.by, first, second);
        [nri[b], idi[b]] = [sums.nri, sums.idi];
      }
    }
    onProgress?.(b + 1, resamples);
    await pause();
  }
  const interval = (values: Float64Array) => percentiles(values, confidence);
  return {
    netBenefit: Object.fromEntries(
      scans.map(({name, drawn}) => {
        const limits = drawn.map(interval);
        return [
          name,
          {lower: Float64Array.from(limits, (l) => l.lower), upper: Float64Array.from(limits, (l) => l.upper)}
        ];
      })
    ),
    reclassification: changes.map(({risk, reference, nri, idi}) => ({
      risk,
      reference,
      nri: interval(nri),
      idi: interval(idi)
    })),
    resamples,
    n
  };
}

function percentiles(values: Float64Array, confidence: number): BootstrapInterval {
  const ascending = ascendingValues(values);
  if (ascending.length < (1 - largestShareMissing) * values.length) return {lower: NaN, upper: NaN};
  const tail = (1 - confidence) / 2;
  return {lower: sampleQuantile(ascending, tail), upper: sampleQuantile(ascending, 1 - tail)};
}
