import type {StudyDescription, Variable} from "../../cohort/description.js";
import type {Cohort, VariableValues} from "../../cohort/readCohort.js";
import {isRiskGroup} from "../../cohort/selection.js";
import {keptIn} from "../../numeric/keptIn.js";
import type {TwoGroups} from "../subgroups/effectWithin.js";

/** The study's treatments, and low and high risk; or why there is nothing to ask about treatment. */
export function treatmentQuestion(
  study: StudyDescription
): {readonly treatments: readonly Variable[]; readonly risk: Variable} | {readonly refusal: string} {
  const treatments = study.treatments.map((id) => study.variables.find((variable) => variable.id === id)!);
  const risk = study.variables.find(isRiskGroup);
  if (treatments.length === 0)
    return {refusal: "This study names no treatments, so there is no treatment effect to look at."};
  if (!risk)
    return {
      refusal:
        "No risk model was fitted in this study, so there are no risk groups in which a treatment's effect could differ. Treatments can be compared as groups on the survival page."
    };
  return {treatments, risk};
}

const groupsKnown = new WeakMap<VariableValues, Map<string, TwoGroups>>();

/** Groups that no selection changes, made once a column. */
function once(column: VariableValues, name: string, make: () => TwoGroups): TwoGroups {
  return keptIn(
    keptIn(groupsKnown, column, () => new Map()),
    name,
    make
  );
}

/** Untreated are those at the reference level (or at 0 of a number), treated all others. */
export function treatmentGroups(cohort: Cohort, variable: Variable): TwoGroups {
  const column = cohort.variable(variable.id);
  return once(column, "treatment", () => treated(variable, column));
}

function treated(variable: Variable, column: VariableValues): TwoGroups {
  if (column.type === "numeric") {
    const code = column.values.map((value) => (Number.isNaN(value) ? NaN : Number(value > 0)));
    return {groups: named(`No ${lowered(variable.label)}`, variable.label), code};
  }
  const {levels, codes} = column;
  const reference = Math.max(
    0,
    levels.findIndex(({value}) => value === variable.reference)
  );
  const code = Float64Array.from(codes, (c) => (c < 0 ? NaN : Number(c !== reference)));
  const others = levels.filter((_, l) => l !== reference).map(({label}) => label);
  const [untreated, given] = [levels[reference].label, others.join(" or ")];
  // "Yes" and "No" say nothing beside a curve.
  if (/^(no|none|0)$/i.test(untreated) && /^(yes|1)$/i.test(given))
    return {groups: named(`No ${lowered(variable.label)}`, variable.label), code};
  const own = (label: string) => (label.length > 3 ? label : `${variable.label}: ${label}`);
  return {groups: named(own(untreated), own(given)), code};
}

/** Abbreviations keep their capitals. */
const lowered = (label: string) => (/^\p{Lu}\p{Ll}/u.test(label) ? label[0].toLowerCase() + label.slice(1) : label);

function named(untreated: string, treated: string): TwoGroups["groups"] {
  return [
    {label: untreated, tone: 4},
    {label: treated, tone: 1}
  ];
}

/** Low risk the reference, in their own colours. */
export function riskGroups(cohort: Cohort, risk: Variable): TwoGroups {
  const column = cohort.variable(risk.id);
  if (column.type !== "categorical") throw new TypeError(`${risk.id} holds no groups.`);
  return once(column, "risk", () => {
    const label = (value: string) => column.levels.find((level) => level.value === value)?.label ?? value;
    const code = Float64Array.from(column.codes, (c) => (c < 0 ? NaN : Number(column.levels[c].value === "high")));
    return {
      groups: [
        {label: label("low"), tone: "low"},
        {label: label("high"), tone: "high"}
      ],
      code
    };
  });
}
