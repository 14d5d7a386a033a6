import type {Cohort} from "../cohort/readCohort.js";
import {csvText} from "./csv.js";
import {element} from "./element.js";
import {download} from "./exportFigure.js";

/** The cohort behind every figure, as Arrow, CSV and JSON. */
export function cohortDownloads(
  cohort: Cohort,
  files: {readonly arrow: string; readonly events: string; readonly study: string}
): HTMLElement {
  const {id} = cohort.study;
  return element(
    "div",
    {class: "downloads"},
    element("a", {href: files.arrow, download: `${id}.arrow`}, "Cohort, Arrow"),
    cohort.eventBytes && element("a", {href: files.events, download: `${id}-events.arrow`}, "Dated events, Arrow"),
    element("a", {href: files.study, download: `${id}-study.json`}, "Its description, JSON"),
    element(
      "button",
      {type: "button", onclick: () => download(cohortCsv(cohort), `${id}.csv`, "text/csv")},
      "Cohort, CSV"
    )
  );
}

/** Every column of the cohort; missing values are empty. Events: 1 the event, 0 censored. */
export function cohortCsv(cohort: Cohort): string {
  const {variables, endpoints} = cohort.study;
  const columns = variables.map(({id}) => {
    const column = cohort.variable(id);
    if (column.type === "numeric") return (row: number) => column.values[row];
    return (row: number) => (column.codes[row] < 0 ? null : column.levels[column.codes[row]].value);
  });
  const followUp = endpoints.flatMap(({id}) => {
    const {time, event, entry} = cohort.followUp(id);
    const eventAt = (row: number) => (Number.isNaN(time[row]) ? null : event[row]);
    const both = [(row: number) => time[row], eventAt];
    return entry ? [...both, (row: number) => entry[row]] : both;
  });
  const header = [
    "patient",
    ...variables.map(({id}) => id),
    ...endpoints.flatMap(({id, leftTruncated}) => [
      `${id}_time`,
      `${id}_event`,
      ...(leftTruncated ? [`${id}_entry`] : [])
    ])
  ];
  const rows = Array.from({length: cohort.n}, (_, row) => [
    cohort.patient(row),
    ...[...columns, ...followUp].map((value) => value(row))
  ]);
  return csvText(header, rows);
}
