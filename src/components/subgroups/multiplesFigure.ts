import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {endpointCsv} from "../csv.js";
import {bandRange, bandsMissing, bandWords} from "../curveBand.js";
import {FEW_AT_RISK} from "../fewAtRisk.js";
import {emptyFigure} from "../figureFrame.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatCount, formatP} from "../formatting.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {curveColumns, curveRows} from "../survivalCsv.js";
import {facetPoints} from "./facetPoints.js";
import type {FacetedCurves} from "./facetedCurves.js";
import {comparedWords, smallMultiples} from "./smallMultiples.js";

/**
 * What a frame shows of small multiples.
 *
 * @param write - their R script, where somebody is left
 */
export function multiplesFigure(
  cohort: Cohort,
  answer: FacetedCurves,
  by: string,
  write: (data: ScriptData) => string
): Figure {
  const {study} = cohort;
  const {endpoint, compared, facets, n, events, missing, selection} = answer;
  if (facets.every(({groups}) => groups.length === 0))
    return emptyFigure("Nobody is left to draw a curve of.", multiplesHeader);
  const curves = facets.flatMap((facet) =>
    facet.groups.map((group) => ({...group, label: `${facet.label}, ${group.label}`}))
  );
  const unbanded = bandsMissing(curves, selection).map((sentence) => ` ${sentence}`);
  return {
    draw: (width) => smallMultiples(answer, width),
    csv: () => multiplesCsv(answer),
    patients: (svg) => facetPoints(cohort, answer, svg),
    caption: `${endpoint.label}, ${comparedWords(compared)} by ${by}; selection: ${selectionWords(study, selection)}; n = ${formatCount(n)}, ${counted(events, "event")}.`,
    note: `Kaplan–Meier estimates with ${bandWords(selection)}, ticks where follow-up was censored, faint where fewer than ${FEW_AT_RISK} are at risk, dashed to the median; all panels share their axes.${bandRange(selection)}${unbanded.join("")}${pooledWords(answer, by)}${missing > 0 ? ` Left out without follow-up, group or ${by}: ${formatCount(missing)}.` : ""}`,
    script: {write}
  };
}

function pooledWords({pooled, interaction}: FacetedCurves, by: string): string {
  const tests = [
    pooled ? ` Log-rank test stratified by ${by}: χ² = ${pooled.chiSquare.toFixed(2)}, ${formatP(pooled.p)}.` : "",
    interaction ? ` Interaction (likelihood ratio, ${interaction.df} df): ${formatP(interaction.p)}.` : ""
  ];
  return tests.join("");
}

/** Columns of the CSV where nothing is drawn. */
export const multiplesHeader = ["panel", ...curveColumns()];

/** Every step of every curve. */
export function multiplesCsv({facets, endpoint}: Pick<FacetedCurves, "facets" | "endpoint">): string {
  const header = curveColumns(facets.flatMap(({groups}) => groups));
  const banded = header.includes("band_lower");
  const rows = facets.flatMap(({label, groups}) => curveRows(groups, banded).map((row) => [label, ...row]));
  return endpointCsv(endpoint, ["panel", ...header], rows);
}
