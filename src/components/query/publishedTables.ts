import {tableFromArrays, tableToIPC} from "apache-arrow";
import type {StudyDescription} from "../../cohort/description.js";
import type {PublishedTable} from "../../cohort/readerDatabase.js";
import type {PublishedModels} from "../../survival/publishedModel.js";

/** A column of a published table, for the reader's list. */
export interface ColumnEntry {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly meaning: string;
}

/** The models' coefficients as an Arrow table. */
export function coefficientsTable({models}: PublishedModels): PublishedTable & {readonly bytes: Uint8Array} {
  const rows = models.flatMap((model) => model.coefficients.map((c) => ({...c, model: model.label})));
  const column = <T>(of: (row: (typeof rows)[number]) => T) => rows.map(of);
  const table = tableFromArrays({
    model: column((r) => r.model),
    name: column((r) => r.name),
    variable: column((r) => r.variable),
    level: column((r) => r.level ?? ""),
    coef: Float64Array.from(rows, (r) => r.coef),
    standard_error: Float64Array.from(rows, (r) => r.standardError),
    p: Float64Array.from(rows, (r) => r.p),
    hazard_ratio: Float64Array.from(rows, (r) => r.hazardRatio),
    lower: Float64Array.from(rows, (r) => r.lower),
    upper: Float64Array.from(rows, (r) => r.upper)
  });
  return {name: "coefficients", bytes: tableToIPC(table, "stream")};
}

/** What stands in which column. */
export function publishedColumns({endpoints, variables, events}: StudyDescription): ColumnEntry[] {
  const cohort = (name: string, type: string, meaning: string) => ({table: "cohort", name, type, meaning});
  const coefficient = (name: string, meaning: string) => ({table: "coefficients", name, type: "number", meaning});
  const event = (name: string, type: string, meaning: string) => ({table: "events", name, type, meaning});
  const {unit} = endpoints.find(({id}) => id === events?.followUp) ?? endpoints[0];
  return [
    cohort("patient", "text", "Id as in the study's table"),
    ...variables.map(({id, label, type, units, levels}) =>
      cohort(
        id,
        type === "numeric" ? "number" : "text",
        `${label}${units ? `, ${units}` : ""}${levels ? `: ${levels.map(({value}) => value).join(", ")}` : ""}`
      )
    ),
    ...endpoints.flatMap(({id, label, unit, competing, leftTruncated}) => [
      cohort(`${id}_time`, "number", `${label}: follow-up in ${unit}`),
      cohort(`${id}_event`, "number", `${label}: 1 event, 0 censored${competing ? ", 2 competing event" : ""}`),
      ...(leftTruncated ? [cohort(`${id}_entry`, "number", `${label}: entry in ${unit}`)] : [])
    ]),
    {
      table: "selected",
      name: "…",
      type: "",
      meaning: "The rows of cohort that the reader has selected, with the same columns"
    },
    ...(events
      ? [
          event("patient", "text", "Whose event it is; a row an event"),
          event("kind", "text", events.kinds.map(({id, label}) => `${id}: ${label}`).join(", ")),
          event("time", "number", `When it happened or began, in ${unit} since time zero`),
          event("stop", "number", `When it was over, in ${unit}; empty where it has no length`)
        ]
      : []),
    ...["model", "name", "variable", "level"].map((name) => ({
      table: "coefficients",
      name,
      type: "text",
      meaning: `Of the coefficient: its ${name}`
    })),
    coefficient("coef", "Log hazard ratio"),
    coefficient("standard_error", "Its standard error"),
    coefficient("p", "Wald, two-sided"),
    coefficient("hazard_ratio", "exp(coef)"),
    coefficient("lower", "95% limit"),
    coefficient("upper", "95% limit")
  ];
}
