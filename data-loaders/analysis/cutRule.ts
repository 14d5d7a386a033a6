import type {RiskModelDescription} from "../../src/cohort/description.js";
import {cutPointSpread} from "../../src/survival/cutPointSpread.js";
import {maximallySelectedLogRank} from "../../src/survival/maximallySelectedLogRank.js";
import type {Study} from "../study/study.js";
import {ModelRefusal} from "./trainingTerms.js";
import type {TrainingFollowUp} from "./trainingTerms.js";

type RiskSpec = NonNullable<Study["riskModel"]>;

/**
 * The cut that divides low from high risk, learned on the training patients and frozen for everyone else.
 *
 * @param score - linear predictor, length n; NaN where missing
 * @param followUp - of the training patients; NaN for all others
 */
export function cutRule(
  {split}: Study,
  rule: RiskSpec["cut"],
  score: Float64Array,
  followUp: TrainingFollowUp
): RiskModelDescription["cut"] {
  const learnedOn = split ? "the training patients" : "all patients";
  const none = {p: null, spread: null};
  if (typeof rule === "object") return {rule: "fixed", value: rule.fixed, learnedOn: "study.json", ...none};
  if (rule === "median") {
    const trained = score.filter((s, i) => !Number.isNaN(s + followUp.time[i] + followUp.event[i]));
    return {rule: "median", value: medianOf(trained), learnedOn, ...none};
  }
  if (followUp.entry)
    throw new ModelRefusal("a maximally selected cut is not defined for left-truncated follow-up; choose the median");
  const {time, event} = followUp;
  const found = maximallySelectedLogRank({time, event, score});
  const {quantiles, cuts} = cutPointSpread({time, event, score});
  return {
    rule: "maximally selected",
    value: found.cut,
    learnedOn,
    p: found.p,
    spread: {resamples: cuts.length, quantiles: [...quantiles]}
  };
}

function medianOf(values: Float64Array): number {
  const ascending = Float64Array.from(values).sort();
  const half = ascending.length >> 1;
  return ascending.length % 2 ? ascending[half] : (ascending[half - 1] + ascending[half]) / 2;
}
