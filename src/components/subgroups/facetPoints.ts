import type {Cohort} from "../../cohort/readCohort.js";
import {formatTime} from "../formatting.js";
import type {PatientPoint} from "../patientPoints.js";
import {valueBy} from "../survivalPoints.js";
import type {FacetedCurves} from "./facetedCurves.js";
import {MARGIN, panelWidth, PLOT_HEIGHT, sharedAxes, TITLE} from "./smallMultiples.js";

/** Where each patient's follow-up ends on the curves of the panels. @param svg - as `smallMultiples` drew it */
export function facetPoints(cohort: Cohort, answer: FacetedCurves, svg: SVGSVGElement): PatientPoint[] {
  const {members, facets, compared, endpoint} = answer;
  if (!members) return [];
  const {time, event} = cohort.followUp(endpoint.id);
  const {panel} = panelWidth(answer, Number(svg.getAttribute("width")));
  const {start, end} = sharedAxes(answer, panel);
  const across = (panel - MARGIN.left - MARGIN.right) / (end - start);
  const high = PLOT_HEIGHT - MARGIN.top - MARGIN.bottom;
  const corners = Array.from(svg.children, cornerOf);
  const points: PatientPoint[] = [];
  for (let row = 0; row < cohort.n; row++) {
    const [facet, group] = [members.facet[row], compared[members.group[row]]];
    if (members.rows[row] === 0 || Number.isNaN(time[row]) || !facets[facet] || !group) continue;
    const curve = facets[facet].groups.find(({label}) => label === group.label)?.curve;
    if (!curve) continue;
    const [left, top] = corners[facet];
    const ended = event[row] === 1 ? "event" : "censored";
    points.push({
      patient: cohort.patient(row),
      x: left + MARGIN.left + (time[row] - start) * across,
      y: top + TITLE + MARGIN.top + (1 - valueBy(curve.time, curve.survival, time[row], 1)) * high,
      words: `${facets[facet].label}, ${group.label}, ${ended} at ${formatTime(time[row])} ${endpoint.unit}`
    });
  }
  return points;
}

/** Where a panel begins. */
function cornerOf(panel: Element): [number, number] {
  const [left, top] = (panel.getAttribute("transform") ?? "").match(/-?[\d.]+/g) ?? [];
  return [Number(left ?? 0), Number(top ?? 0)];
}
