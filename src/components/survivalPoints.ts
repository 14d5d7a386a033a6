import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import {countUpTo} from "../numeric/countUpTo.js";
import {causeOf, COMPETING, EVENT} from "./competingAnswer.js";
import type {CompetingAnswer} from "./competingAnswer.js";
import {formatTime} from "./formatting.js";
import {incidenceTop} from "./incidencePlot.js";
import {MARGIN_BOTTOM, MARGIN_TOP, plotFrame} from "./kaplanMeierPlot.js";
import type {PatientPoint} from "./patientPoints.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** Where each patient's follow-up ends on the curves of an answer: at a censor mark, or at a step. */
export function survivalPoints(cohort: Cohort, answer: SurvivalAnswer, width: number): PatientPoint[] {
  const curves = new Map(answer.groups.map(({label, curve}) => [label, curve]));
  const last = Math.max(...answer.groups.map(({curve}) => curve.time.at(-1)!));
  return endsOfFollowUp(cohort, answer, width, last, (group, _, time) => {
    const curve = curves.get(group);
    return curve ? 1 - valueBy(curve.time, curve.survival, time, 1) : null;
  });
}

/** The same on cumulative incidences: on the competing event's curve who had that one. */
export function incidencePoints(
  cohort: Cohort,
  answer: SurvivalAnswer,
  competing: CompetingAnswer,
  width: number
): PatientPoint[] {
  const curves = new Map(competing.groups.map(({label, curve}) => [label, curve]));
  const last = Math.max(...competing.groups.map(({curve}) => curve.time.at(-1)!));
  const top = incidenceTop(answer, competing);
  return endsOfFollowUp(cohort, answer, width, last, (group, status, time) => {
    const curve = curves.get(group);
    if (!curve) return null;
    const {incidence} = causeOf(curve, status === COMPETING ? COMPETING : EVENT);
    return 1 - Math.min(1, valueBy(curve.time, incidence, time, 0) / top);
  });
}

const ENDS = ["censored", "event", "competing event"];

/** @param depth - how far below the top of the axis, as a share of it; null where the patient is on no curve */
function endsOfFollowUp(
  cohort: Cohort,
  {grouping, selection, endpoint, start}: SurvivalAnswer,
  width: number,
  last: number,
  depth: (group: string, status: number, time: number) => number | null
): PatientPoint[] {
  const rows = rowMask(cohort, selection);
  const {time, status} = cohort.followUp(endpoint.id);
  const frame = plotFrame(width);
  const across = (frame.width - frame.marginLeft - frame.marginRight) / (Math.max(last, start) - start || 1);
  const high = frame.height - MARGIN_TOP - MARGIN_BOTTOM;
  const points: PatientPoint[] = [];
  for (let row = 0; row < cohort.n; row++) {
    if (rows[row] === 0 || Number.isNaN(time[row])) continue;
    const group = grouping.groups[grouping.code[row]]?.label;
    const down = group === undefined ? null : depth(group, status[row], time[row]);
    if (down === null) continue;
    points.push({
      patient: cohort.patient(row),
      x: frame.marginLeft + (time[row] - start) * across,
      y: MARGIN_TOP + down * high,
      words: `${group}, ${ENDS[status[row]] ?? "event"} at ${formatTime(time[row])} ${endpoint.unit}`
    });
  }
  return points;
}

/** What a step function has come to by a time. @param before - its value before the first step */
export function valueBy(time: Float64Array, value: Float64Array, at: number, before: number): number {
  const steps = countUpTo(time, at);
  return steps === 0 ? before : value[steps - 1];
}
