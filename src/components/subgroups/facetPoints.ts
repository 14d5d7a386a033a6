import type {Cohort} from "../../cohort/readCohort.js";
import {formatTime} from "../formatting.js";
import {emptyPlaces} from "../patientPoints.js";
import type {PatientPlaces} from "../patientPoints.js";
import {valueBy} from "../survivalPoints.js";
import type {FacetedCurves} from "./facetedCurves.js";
import {MARGIN, panelWidth, PLOT_HEIGHT, sharedAxes, TITLE} from "./smallMultiples.js";

/** Where each patient's follow-up ends on the curves of the panels. @param svg - as `smallMultiples` drew it */
export function facetPoints(cohort: Cohort, answer: FacetedCurves, svg: SVGSVGElement): PatientPlaces {
  const {members, facets, compared, endpoint} = answer;
  const {rows, group, facet} = members;
  const {time, event} = cohort.followUp(endpoint.id);
  const {panel} = panelWidth(answer, Number(svg.getAttribute("width")));
  const {start, end} = sharedAxes(answer, panel);
  const across = (panel - MARGIN.left - MARGIN.right) / (end - start);
  const high = PLOT_HEIGHT - MARGIN.top - MARGIN.bottom;
  const corners = Array.from(svg.children, cornerOf);
  const curves = facets.map(({groups}) => compared.map(({label}) => groups.find((one) => one.label === label)?.curve));
  const {row, add, placed} = emptyPlaces(rows);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === 0 || !(time[i] >= 0)) continue;
    const curve = curves[facet[i]]?.[group[i]];
    if (!curve) continue;
    const [left, top] = corners[facet[i]];
    const down = (1 - valueBy(curve.time, curve.survival, time[i], 1)) * high;
    add(i, left + MARGIN.left + (time[i] - start) * across, top + TITLE + MARGIN.top + down);
  }
  return {
    ...placed(),
    patient: (k) => cohort.patient(row[k]),
    words: (k) => {
      const i = row[k];
      const ended = event[i] === 1 ? "event" : "censored";
      const who = `${facets[facet[i]].label}, ${compared[group[i]].label}`;
      return `${who}, ${ended} at ${formatTime(time[i])} ${endpoint.unit}`;
    }
  };
}

/** Where a panel begins. */
function cornerOf(panel: Element): [number, number] {
  const [left, top] = (panel.getAttribute("transform") ?? "").match(/-?[\d.]+/g) ?? [];
  return [Number(left ?? 0), Number(top ?? 0)];
}
