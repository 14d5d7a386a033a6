import type {Endpoint, StudyDescription} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {csvText} from "../csv.js";

/** A column of an R data frame: numbers, or labels whose missing ones are null. */
export type RColumn = ArrayLike<number> | readonly (string | null)[];

/** Text between R's double quotes. */
export const quoted = (text: string) => JSON.stringify(text);

/** `c("a", "b")` */
export const quotedVector = (texts: readonly string[]) => `c(${texts.map(quoted).join(", ")})`;

/** `d <- read.csv(…)` with the rows written out, so that a script needs no file beside it. */
export function rFrame(name: string, columns: Readonly<Record<string, RColumn>>, rows: readonly number[]): string {
  const names = Object.keys(columns);
  const lines = rows.map((i) => names.map((column) => columns[column][i] ?? null));
  // The text stands between single quotes.
  const text = csvText(names, lines).replaceAll("\r\n", "\n").replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  return `${name} <- read.csv(stringsAsFactors = FALSE, na.strings = "", check.names = FALSE, text = '\n${text}')`;
}

/** Follow-up columns of an endpoint, and R's name of the outcome. */
export function rOutcome(cohort: Cohort, endpoint: string): {columns: Record<string, RColumn>; outcome: string} {
  const {time, event, entry} = cohort.followUp(endpoint);
  return entry
    ? {columns: {entry, time, event}, outcome: "Surv(entry, time, event)"}
    : {columns: {time, event}, outcome: "Surv(time, event)"};
}

/** First lines of every script. */
export function rHead(study: StudyDescription, {label, unit}: Endpoint, what: string, selection: string): string {
  return `# ${what}: ${label}, in ${unit}. ${study.title}.
# Selection: ${selection}.
${study.synthetic ? "# Synthetic data: no patient in this cohort exists.\n" : ""}library(survival)
options(digits = 10)
# R stops a little early by default; these settings go on until nothing changes.
exact <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
`;
}

/** Labels of a coded column; null where the row is in no group. */
export function labelsOf(groups: readonly {readonly label: string}[], code: ArrayLike<number>): (string | null)[] {
  return Array.from(code, (g) => (Number.isNaN(g) ? null : groups[g].label));
}

/** Rows of a mask. */
export const rowsOf = (mask: Uint8Array): number[] => Array.from(mask.keys()).filter((i) => mask[i] === 1);
