import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {csvText} from "../csv.js";
import {FEW_AT_RISK} from "../fewAtRisk.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatCount, formatP} from "../formatting.js";
import {facetPoints} from "./facetPoints.js";
import type {FacetedCurves} from "./facetedCurves.js";
import {comparedWords, smallMultiples} from "./smallMultiples.js";

/** What a frame shows of small multiples. */
export function multiplesFigure(cohort: Cohort, answer: FacetedCurves, by: string): Omit<Figure, "script"> {
  const {study} = cohort;
  const {endpoint, compared, facets, n, events, missing, selection} = answer;
  const full = facets.some(({groups}) => groups.length > 0);
  return {
    draw: full ? (width) => smallMultiples(answer, width) : null,
    csv: () => multiplesCsv(answer),
    ...(answer.members && {patients: (svg: SVGSVGElement) => facetPoints(cohort, answer, svg)}),
    caption: `${endpoint.label}, ${comparedWords(compared)} by ${by}; selection: ${selectionWords(study, selection)}; n = ${formatCount(n)}, ${counted(events, "event")}.`,
    note: `Kaplan–Meier estimates with pointwise 95% ${selection.interval} bands, ticks where follow-up was censored, faint where fewer than ${FEW_AT_RISK} are at risk, dashed to the median; all panels share their axes.${pooledWords(answer, by)}${missing > 0 ? ` Left out without follow-up, group or ${by}: ${formatCount(missing)}.` : ""}`
  };
}

function pooledWords({pooled, interaction}: FacetedCurves, by: string): string {
  const tests = [
    pooled ? ` Log-rank test stratified by ${by}: χ² = ${pooled.chiSquare.toFixed(2)}, ${formatP(pooled.p)}.` : "",
    interaction ? ` Interaction (likelihood ratio, ${interaction.df} df): ${formatP(interaction.p)}.` : ""
  ];
  return tests.join("");
}

/** Columns of the CSV. */
export const multiplesHeader = [
  "panel",
  "group",
  "time",
  "at_risk",
  "events",
  "censored",
  "survival",
  "standard_error",
  "lower",
  "upper"
];

/** Every step of every curve. */
export function multiplesCsv({facets}: FacetedCurves): string {
  const rows = facets.flatMap(({label: panel, groups}) =>
    groups.flatMap(({label, curve: c}) =>
      Array.from(c.time, (time, j) => [
        panel,
        label,
        time,
        c.atRisk[j],
        c.events[j],
        c.censored[j],
        c.survival[j],
        c.standardError[j],
        c.lower[j],
        c.upper[j]
      ])
    )
  );
  return csvText(multiplesHeader, rows);
}
