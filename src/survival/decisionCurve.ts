import {checkProbability, completeRows, pick} from "./completeRows.js";
import {eventProbability, locateHorizon} from "./eventProbability.js";
import {netBenefitScan} from "./netBenefit.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

/** Net benefit over thresholds: columns of equal length. */
export interface DecisionCurve {
  readonly threshold: Float64Array;
  /** True positives minus false positives × odds of the threshold, per patient; NaN where it cannot be estimated. */
  readonly netBenefit: Float64Array;
  /** The same if everyone is treated. If no one is, it is 0. */
  readonly treatAll: Float64Array;
  readonly treatNone: Float64Array;
  /** Net benefit over the probability of the event: 1 is the most a model can reach; NaN if that probability is 0. */
  readonly standardisedNetBenefit: Float64Array;
  /** Interventions avoided per 100 patients, against treating all, at no loss of true positives. */
  readonly interventionsAvoided: Float64Array;
  /** Patients with risk ≥ threshold. */
  readonly treated: Uint32Array;
  /** 1 − Kaplan–Meier at the horizon, everyone. */
  readonly eventProbability: number;
  readonly horizon: number;
  readonly n: number;
  readonly missing: number;
  /** Which thresholds have no estimate, and why. */
  readonly warnings: readonly string[];
}

export interface DecisionCurveOptions {
  /** Threshold probabilities in (0, 1). Default 0.01, 0.02, …, 0.99. */
  readonly thresholds?: NumericColumn;
}

const who = "decisionCurve";

/**
 * Decision curve of a predicted risk for a survival outcome.
 *
 * Among the patients at or above a threshold the probability of the event is 1 − Kaplan–Meier at the horizon. Nobody at
 * or above it gives a net benefit of 0. Where follow-up of those patients ends before the horizon there is no estimate.
 *
 * @param input - follow-up (time and event) and `risk`, predicted probability of the event by the horizon
 * @param horizon - in the unit of time
 * @throws {SurvivalInputError} if a risk or threshold is out of range, or follow-up of all ends before the horizon
 * @see R `dcurves::dca(Surv(time, event) ~ risk, time = horizon)`; Vickers et al. (2008), BMC Med Inform Decis Mak 8:53
 */
export function decisionCurve(
  input: SurvInput & {readonly risk: NumericColumn},
  horizon: number,
  {thresholds = Float64Array.from({length: 99}, (_, i) => (i + 1) / 100)}: DecisionCurveOptions = {}
): DecisionCurve {
  const {surv, row, slot, missing} = completeRows(input, {risk: input.risk}, who);
  const risk = pick(input.risk, row);
  checkProbability(risk, row, "risk", who);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const at = locateHorizon(surv.distinctTime, horizon);
  const overall = eventProbability(event, slot, at);
  if (Number.isNaN(overall))
    throw new SurvivalInputError(`${who}: no patient is followed up to the horizon ${horizon}; choose an earlier one.`);
  const scan = netBenefitScan(event, slot, risk, at, thresholds, who).at();
  const points = Array.from(thresholds, (threshold, j) => {
    const odds = threshold / (1 - threshold);
    const treatAll = overall - odds * (1 - overall);
    return {threshold, odds, treatAll, treated: scan.treated[j], netBenefit: scan.netBenefit[j]};
  });
  const column = (of: (point: (typeof points)[number]) => number) => Float64Array.from(points, of);
  return {
    threshold: column((p) => p.threshold),
    netBenefit: column((p) => p.netBenefit),
    treatAll: column((p) => p.treatAll),
    treatNone: column(() => 0),
    standardisedNetBenefit: column((p) => (overall > 0 ? p.netBenefit / overall : NaN)),
    interventionsAvoided: column((p) => ((p.netBenefit - p.treatAll) / p.odds) * 100),
    treated: Uint32Array.from(points, (p) => p.treated),
    eventProbability: overall,
    horizon,
    n: risk.length,
    missing,
    warnings: [
      ...(overall > 0 ? [] : ["No event happened by the horizon; a standardised net benefit is not defined."]),
      ...points.filter((p) => Number.isNaN(p.netBenefit)).map(unestimated)
    ]
  };
}

function unestimated({threshold, treated}: {threshold: number; treated: number}): string {
  return `At threshold ${threshold} follow-up of the ${treated} patients at or above it ends before the horizon; no net benefit is given.`;
}
