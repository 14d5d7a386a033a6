import {timeWords} from "../../cohort/timeUnit.js";
import {counted, formatNumber, formatRatio} from "../formatting.js";
import type {TreatmentAnswer, TreatmentInteraction} from "./treatmentAnswer.js";
import type {BalanceLine, WeightedTreatment} from "./weightedTreatment.js";

/** Beyond this standardised mean difference groups are usually called unbalanced (Austin 2009). */
export const BALANCED = 0.1;
/** Below this a hazard ratio says little. */
const FEW_EVENTS = 10;
/** Patients of the rarer treatment a coefficient of the propensity model. */
const PER_COEFFICIENT = 10;

/** What a reader must know before believing a treatment's hazard ratio: one sentence each, from these data. */
export function treatmentCautions(
  answer: TreatmentAnswer,
  one: TreatmentInteraction,
  weighted: {readonly value: WeightedTreatment} | {readonly reason: string}
): string[] {
  return [
    `${one.variable.label} was given by indication, not by chance: whatever else differs between ${one.groups[1].label} and ${one.groups[0].label} differs between these curves too.`,
    timing(answer, one),
    ...leftOut(one),
    ...fewEvents(answer, one),
    ...("value" in weighted ? ofWeights(weighted.value, one) : [`No weighted estimate: ${weighted.reason}`])
  ];
}

function timing({selection: {landmark}, endpoint}: TreatmentAnswer, {variable}: TreatmentInteraction): string {
  const origin = endpoint.origin ?? "time zero";
  if (landmark === null)
    return `Time counts from ${origin}. If ${variable.label} began later, the treated could not die before it (immortal time); set the landmark to a time by which it had begun.`;
  return `Only patients still followed ${timeWords(landmark, endpoint.unit)} after ${origin}, and free of the event until then, count; what happened before that is not in these numbers.`;
}

function leftOut({missing, variable}: TreatmentInteraction): string[] {
  if (missing === 0) return [];
  return [
    `${counted(missing, "selected patient")} without follow-up, risk group or a record of ${variable.label} left out.`
  ];
}

/** The four cells of treatment by risk. */
function fewEvents({risk}: TreatmentAnswer, {byRisk, groups}: TreatmentInteraction): string[] {
  const cells = byRisk.flatMap(({n, events}, r) =>
    groups.map((group, g) => ({name: `${group.label}, ${risk[r].label}`, n: n[g], events: events[g]}))
  );
  const few = cells.filter(({events}) => events < FEW_EVENTS);
  if (few.length === 0) return [];
  const said = few.map(({name, n, events}) => `${name} (${counted(events, "event")} in ${counted(n, "patient")})`);
  return [
    `Few events: ${said.join("; ")}. With under ${FEW_EVENTS} a hazard ratio hangs on single patients, and the interaction test finds only very large differences.`
  ];
}

function ofWeights(weighted: WeightedTreatment, one: TreatmentInteraction): string[] {
  const {weights, balance, constant, range} = weighted;
  const [untreated, treated] = one.groups.map(({label}) => label);
  const effective = weights.effectiveSampleSize;
  const fewer = Math.min(...weights.count);
  const coefficients = weights.model.names.length - 1;
  const facts: [boolean, string][] = [
    [true, imbalance(balance)],
    [
      constant.length > 0,
      `The same for all selected patients, so not in the propensity model: ${constant.map(({label}) => label).join(", ")}.`
    ],
    [
      weights.missing > 0,
      `${counted(weights.missing, "selected patient")} without a value of treatment or of a covariate left out of the weighted estimates.`
    ],
    [
      fewer < PER_COEFFICIENT * coefficients,
      `The propensity model has ${counted(coefficients, "coefficient")} for ${counted(fewer, "patient")} of the rarer treatment; with under ${PER_COEFFICIENT} a coefficient its weights are unsure.`
    ],
    [
      effective.some((n, g) => n < weights.count[g] / 2),
      `The weights leave the information of ${formatNumber(effective[1], 3)} of ${weights.count[1]} patients (${treated}) and ${formatNumber(effective[0], 3)} of ${weights.count[0]} (${untreated}); the largest weight is ${formatRatio(range[1])}.`
    ],
    [
      !weights.model.converged,
      "Some covariate tells treated from untreated with certainty (separation): there the weights rest on nothing; leave that covariate out or narrow the selection."
    ]
  ];
  const overlap = weights.warnings.filter((warning) => /treatment probability/.test(warning));
  return [...facts.filter(([holds]) => holds).map(([, sentence]) => sentence), ...overlap, WITHIN];
}

const WITHIN =
  "The weights balance the selected patients as a whole, not each risk group by itself, and only what was measured.";

function imbalance(balance: readonly BalanceLine[]): string {
  const beyond = (of: "before" | "after") => balance.filter((line) => Math.abs(line[of]) > BALANCED);
  const [before, after] = [beyond("before"), beyond("after")];
  if (before.length === 0)
    return `Treated and untreated are alike in the chosen covariates (all differences within ${BALANCED} SD).`;
  const named = (lines: readonly BalanceLine[], of: "before" | "after") =>
    [...lines]
      .sort((a, b) => Math.abs(b[of]) - Math.abs(a[of]))
      .slice(0, 4)
      .map((line) => `${line.label} (${formatNumber(line[of], 2)})`)
      .join(", ") + (lines.length > 4 ? " and others" : "");
  const rest =
    after.length === 0
      ? `after weighting none do`
      : `after weighting ${after.length === 1 ? "one still does" : `${after.length} still do`}: ${named(after, "after")}`;
  return `Treated and untreated differ by more than ${BALANCED} SD in ${before.length} of ${balance.length} covariates or levels: ${named(before, "before")}; ${rest}.`;
}
