import {didYouMean} from "./problems.js";
import type {Problems} from "./problems.js";
import type {CompleteStudy, VariableFile} from "./schema.js";

const file = "study.json";
type Add = (column: string, text: string) => void;

/** Names of columns that Stratum makes itself. */
export const computedVariables = [
  "pet_signature",
  "ct_signature",
  "tumour_volume",
  "risk_score",
  "risk_group",
  "patient"
] as const;

/** Names in study.json that must lead somewhere do, and no name or code means two things. */
export function checkNames(study: CompleteStudy, problems: Problems): void {
  const add: Add = (column, text) => problems.add({file, column}, text);
  const variables = study.variables.map(({id}) => id);
  const endpoints = study.endpoints.map(({id}) => id);
  for (const [name, ids] of [
    ["variables", variables],
    ["endpoints", endpoints]
  ] as const) {
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice) add(name, `"${twice}" stands twice. Give each an id of its own.`);
  }
  const taken = variables.find((id) => computedVariables.some((name) => name === id));
  if (taken)
    add(
      "variables",
      `"${taken}" is the name of a variable Stratum computes. Choose another id and name the column with "column".`
    );
  for (const variable of variables) {
    const endpoint = endpoints.find((id) => ["time", "event", "entry"].some((part) => variable === `${id}_${part}`));
    if (endpoint)
      add(
        "variables",
        `"${variable}" would share its name with a column of the endpoint "${endpoint}". Choose another id and name the column with "column".`
      );
  }
  for (const endpoint of study.endpoints) checkCoding(endpoint, add);
  const known = (where: string, id: string, among: readonly string[]) => {
    if (!among.includes(id))
      add(where, `"${id}" is not declared.${didYouMean(id, among)} Declare it or correct the name.`);
  };
  for (const id of study.strata) known("strata", id, variables);
  for (const id of study.treatments) known("treatments", id, variables);
  for (const variable of study.variables) checkLevels(variable, add);
  if (study.split) {
    known("split.variable", study.split.variable, variables);
    checkSplit(study, add);
  }
  if (study.riskModel) {
    known("riskModel.endpoint", study.riskModel.endpoint, endpoints);
    checkTerms(study, "riskModel.terms", study.riskModel.terms, known, add);
  }
  if (study.models.length > 0 && !study.riskModel)
    add("models", "there is no risk model to compare them with. Name it under riskModel.");
  if (study.events?.followUp) known("events.followUp", study.events.followUp, endpoints);
  const {death, kinds} = study.events ?? {};
  if (death && kinds) known("events.death", death, kinds.map(({id}) => id)); // prettier-ignore
  const codes = kinds?.flatMap((kind) => kind.codes ?? [kind.id]).map(String) ?? [];
  checkCodes("events.kinds", codes, add);
  checkCodes("events.kinds", kinds?.map(({id}) => id) ?? [], add);
  const models = study.models.map(({id}) => id);
  const double = models.find((id, i) => models.indexOf(id) !== i || id === "risk");
  if (double)
    add("models", `"${double}" is taken (the risk model is called "risk"). Give each model an id of its own.`);
  for (const {id, terms} of study.models) checkTerms(study, `models.${id}.terms`, terms, known, add);
}

function checkCoding({id, event, coding, missing}: CompleteStudy["endpoints"][number], add: Add): void {
  if (coding === "cBioPortal") return;
  const where = `endpoints.${id}.coding`;
  checkCodes(where, [...Object.values(coding), missing ?? []].flat().map(String), add);
  const written = (codes: readonly unknown[], code: string) => codes.map(String).includes(code);
  // The commonest way to turn a survival curve upside down: CDISC's analysis data sets code censoring, not the event.
  if (/^cnsr$/i.test(event) && (written(coding.event, "1") || written(coding.censored, "0")))
    add(
      where,
      `is this the right way round? In CDISC's ADTTE ${event} is 0 where the event happened and 1 or more where it was censored. Turn event and censored round, or, if 1 is the event here, rename the column.`
    );
}

function checkTerms(
  study: CompleteStudy,
  where: string,
  terms: readonly string[],
  known: (where: string, id: string, among: readonly string[]) => void,
  add: Add
): void {
  const modalities = Object.keys(study.images ?? {});
  const computed = ["pet_signature", "ct_signature", "tumour_volume"];
  for (const id of terms) {
    known(where, id, [...study.variables.map((variable) => variable.id), ...computed]);
    const [modality] = id.split("_");
    if (computed.includes(id) && (id === "tumour_volume" ? modalities.length === 0 : !modalities.includes(modality)))
      add(where, `"${id}" needs images, which this study does not name. Name them or leave the term out.`);
  }
  const twice = terms.find((id, i) => terms.indexOf(id) !== i);
  if (twice) add(where, `"${twice}" stands twice. Keep it once.`);
}

function checkLevels(variable: VariableFile, add: Add): void {
  const where = `variables.${variable.id}`;
  if (variable.type === "numeric") {
    if (variable.levels) add(where, "a numeric variable has no levels. Remove them, or make the type categorical.");
    return;
  }
  const values = (variable.levels ?? []).map((level) => (typeof level === "string" ? level : level.value));
  const codes = (variable.levels ?? []).flatMap((level) =>
    typeof level === "string" ? [level] : (level.codes ?? [level.value]).map(String)
  );
  checkCodes(where, values, add);
  checkCodes(where, [...codes, ...(variable.missing ?? []).map(String)], add);
  if (values.length === 0) add(where, "a categorical variable needs its levels, in order. List them under levels.");
  else if (variable.reference !== undefined && !values.includes(variable.reference))
    add(
      where,
      `its reference "${variable.reference}" is not among its levels (${values.join(", ")}). Correct one of them.`
    );
}

/** A value of the table means one thing. */
function checkCodes(where: string, codes: readonly string[], add: Add): void {
  const twice = codes.find((code, i) => codes.indexOf(code) !== i);
  if (twice !== undefined) add(where, `"${twice}" stands twice, so what it means is unclear. Keep it once.`);
}

function checkSplit({split, variables}: CompleteStudy, add: Add): void {
  const variable = variables.find(({id}) => id === split!.variable);
  if (!variable) return;
  if (variable.type !== "categorical")
    return add("split.variable", `"${variable.id}" must be categorical to split by.`);
  const values = (variable.levels ?? []).map((level) => (typeof level === "string" ? level : level.value));
  for (const name of ["training", "test"] as const)
    if (!values.includes(split![name]))
      add(`split.${name}`, `"${split![name]}" is no level of "${variable.id}" (${values.join(", ")}). Correct it.`);
}
