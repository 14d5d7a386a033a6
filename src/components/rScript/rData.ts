import type {Endpoint, StudyDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {perYear} from "../formatting.js";
import type {RColumn} from "./scriptData.js";

/** Columns that scripts have of their own, and words of R: a variable of such a name is given a dot, which no id has. */
const TAKEN = new Set(
  `time event entry status group panel level treated risk weight patient kind x
  if else repeat while function for next break in`.split(/\s+/)
);

/** A variable's or model's id as the name of a column in R. @param taken - names it cannot have */
export const rName = (id: string, taken: ReadonlySet<string> = TAKEN) => (taken.has(id) ? `${id}.` : id);

/** Text between R's double quotes. */
export const quoted = (text: string) => JSON.stringify(text);

/** `c("a", "b")` */
export const quotedVector = (texts: readonly string[]) => `c(${texts.map(quoted).join(", ")})`;

/** A number as R reads it. */
export const rNumber = (value: number) => (Number.isNaN(value) ? "NA" : String(value).replace("Infinity", "Inf"));

/** `c(1, NA, 3)` */
export const rVector = (values: ArrayLike<number>) => `c(${Array.from(values, rNumber).join(", ")})`;

/** What the page shows, as a comment that ends a line of R or stands on its own. */
export const page = (text: string) => `# the page: ${text.replaceAll(/\s+/g, " ")}`;

/** Follow-up columns of an endpoint, and R's name of the outcome. */
export function rOutcome(cohort: Cohort, endpoint: string): {columns: Record<string, RColumn>; outcome: string} {
  const {time, event, entry} = cohort.followUp(endpoint);
  return entry
    ? {columns: {entry, time, event}, outcome: "Surv(entry, time, event)"}
    : {columns: {time, event}, outcome: "Surv(time, event)"};
}

/** First lines of a script about follow-up. */
export function rHead(study: StudyDescription, {label, unit, definition}: Endpoint): string {
  return `${studyLine(study)}# ${label}, in ${unit}.${definition ? `\n# The reader defined it: ${definition}.` : ""}
library(survival)
options(digits = 10)
# R stops a little early by default; these settings go on until nothing changes.
exact <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
`;
}

/** Years as the endpoint's unit has them: `c(12, 36) # 1, 3 years` */
export const rYears = (years: readonly number[], {unit}: Endpoint) =>
  `${rVector(years.map((year) => year * perYear[unit]))} # ${years.join(", ")} years`;

/** Labels of a coded column; null where the row is in no group. */
export function labelsOf(groups: readonly {readonly label: string}[], code: ArrayLike<number>): (string | null)[] {
  return Array.from(code, (g) => (Number.isNaN(g) ? null : groups[g].label));
}

/** A variable as R has it: numbers, or the values (not the labels) of its levels. */
export function rVariable(cohort: Cohort, id: string): RColumn {
  const column = cohort.variable(id);
  return column.type === "numeric"
    ? column.values
    : Array.from(column.codes, (c) => (c < 0 ? null : column.levels[c].value));
}

/** Rows of a mask. */
export const rowsOf = (mask: Uint8Array): number[] => Array.from(mask.keys()).filter((i) => mask[i] === 1);

/** Whose data these are, as comments. */
export const studyLine = ({title, synthetic}: StudyDescription) =>
  `# ${title.replaceAll(/\s+/g, " ")}.\n${synthetic ? "# Synthetic data: no patient in this cohort exists.\n" : ""}`;
