import {countUpTo} from "../numeric/countUpTo.js";
import {censoringDistribution, horizonWeights} from "./censoringWeights.js";
import {checkProbability, completeRows, pick} from "./completeRows.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** How much better one predicted risk sorts patients than another, at a horizon. Censoring is weighted for. */
export interface Reclassification {
  readonly horizon: number;
  /** Continuous net reclassification improvement: `events` + `nonEvents`, between −2 and 2. */
  readonly nri: number;
  /** Share of patients with the event whose risk rose, minus the share whose risk fell. */
  readonly events: number;
  /** Share of event-free patients whose risk fell, minus the share whose risk rose. */
  readonly nonEvents: number;
  /** Integrated discrimination improvement: the change in mean risk of events minus that of event-free patients. */
  readonly idi: number;
  /** Patients with the event by the horizon, and followed beyond it. */
  readonly cases: number;
  readonly controls: number;
  readonly n: number;
  readonly missing: number;
}

const who = "reclassification";

/**
 * Continuous NRI and IDI of `risk` over `reference`, weighted by the inverse probability of censoring.
 *
 * Limits come from a bootstrap (`bootstrapPerformance`). A positive NRI can come from a miscalibrated model (Hilden and
 * Gerds 2014), so read it beside the calibration.
 *
 * @param input - follow-up (time and event) and two predicted probabilities of the event by the horizon
 * @throws {SurvivalInputError} if a risk is out of range, or nobody has the event by the horizon or is followed beyond
 * @see Pencina, D'Agostino and Steyerberg (2011), Stat Med 30:11–21; Uno et al. (2013), Stat Med 32:2430–2442
 */
export function reclassification(
  input: SurvInput & {readonly risk: NumericColumn; readonly reference: NumericColumn},
  horizon: number
): Reclassification {
  const {surv, row, slot, missing} = completeRows(input, {risk: input.risk, reference: input.reference}, who);
  const [risk, reference] = [pick(input.risk, row), pick(input.reference, row)];
  checkProbability(risk, row, "risk", who);
  checkProbability(reference, row, "reference", who);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const slotsBy = countUpTo(surv.distinctTime, horizon);
  const sums = reclassified(event, slot, surv.distinctTime.length, slotsBy, risk, reference);
  if (!(sums.cases > 0 && sums.controls > 0))
    throw new SurvivalInputError(
      `${who}: by ${horizon}, ${sums.cases} patients have had the event and ${sums.controls} are followed beyond; both are needed.`
    );
  const {nri, events, nonEvents, idi, cases, controls} = sums;
  return {horizon, nri, events, nonEvents, idi, cases, controls, n: row.length, missing};
}

/**
 * The sums behind `reclassification`, of patients in time order.
 *
 * @param slotsBy - number of distinct times ≤ horizon
 */
export function reclassified(
  event: Uint8Array,
  slot: Uint32Array,
  slots: number,
  slotsBy: number,
  risk: NumericColumn,
  reference: NumericColumn
) {
  const {weight, ended} = horizonWeights(event, slot, slotsBy, censoringDistribution(event, slot, slots));
  const change = (from: number, to: number) => {
    let [total, up, moved, n] = [0, 0, 0, 0];
    for (let k = from; k < to; k++) {
      if (weight[k] === 0) continue;
      n++;
      total += weight[k];
      up += weight[k] * Math.sign(risk[k] - reference[k]);
      moved += weight[k] * (risk[k] - reference[k]);
    }
    return {n, up: up / total, moved: moved / total};
  };
  const [cases, controls] = [change(0, ended), change(ended, event.length)];
  return {
    nri: cases.up - controls.up,
    events: cases.up,
    nonEvents: -controls.up,
    idi: cases.moved - controls.moved,
    cases: cases.n,
    controls: controls.n
  };
}
