import type {Cohort} from "../cohort/readCohort.js";
import {rowMask} from "../cohort/rowMask.js";
import {countUpTo} from "../numeric/countUpTo.js";
import {causeOf, COMPETING, EVENT} from "./competingAnswer.js";
import type {CompetingAnswer} from "./competingAnswer.js";
import {formatTime} from "./formatting.js";
import {incidenceTop} from "./incidencePlot.js";
import {MARGIN_BOTTOM, MARGIN_TOP, plotFrame} from "./kaplanMeierPlot.js";
import {emptyPlaces} from "./patientPoints.js";
import type {PatientPlaces} from "./patientPoints.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** Where each patient's follow-up ends on the curves of an answer: at a censor mark, or at a step. */
export function survivalPoints(cohort: Cohort, answer: SurvivalAnswer, width: number): PatientPlaces {
  const curves = byGroup(answer, answer.groups);
  const last = Math.max(...answer.groups.map(({curve}) => curve.time.at(-1)!));
  return endsOfFollowUp(cohort, answer, width, last, (group, _, time) => {
    const curve = curves[group];
    return curve ? 1 - valueBy(curve.time, curve.survival, time, 1) : NaN;
  });
}

/** The same on cumulative incidences: on the competing event's curve who had that one. */
export function incidencePoints(
  cohort: Cohort,
  answer: SurvivalAnswer,
  competing: CompetingAnswer,
  width: number
): PatientPlaces {
  const curves = byGroup(answer, competing.groups);
  const last = Math.max(...competing.groups.map(({curve}) => curve.time.at(-1)!));
  const top = incidenceTop(answer, competing);
  return endsOfFollowUp(cohort, answer, width, last, (group, status, time) => {
    const curve = curves[group];
    if (!curve) return NaN;
    const {incidence} = causeOf(curve, status === COMPETING ? COMPETING : EVENT);
    return 1 - Math.min(1, valueBy(curve.time, incidence, time, 0) / top);
  });
}

/** Curves by index of the group, undefined where it has none. */
function byGroup<C>({grouping}: SurvivalAnswer, found: readonly {readonly label: string; readonly curve: C}[]) {
  const curves = new Map(found.map(({label, curve}) => [label, curve]));
  return grouping.groups.map(({label}) => curves.get(label));
}

const ENDS = ["censored", "event", "competing event"];

/** @param depth - how far below the top of the axis, as a share of it; NaN where the patient is on no curve */
function endsOfFollowUp(
  cohort: Cohort,
  {grouping, selection, endpoint, start}: SurvivalAnswer,
  width: number,
  last: number,
  depth: (group: number, status: number, time: number) => number
): PatientPlaces {
  const rows = rowMask(cohort, selection);
  const {time, status} = cohort.followUp(endpoint.id);
  const {code, groups} = grouping;
  const frame = plotFrame(width);
  const across = (frame.width - frame.marginLeft - frame.marginRight) / (Math.max(last, start) - start || 1);
  const high = frame.height - MARGIN_TOP - MARGIN_BOTTOM;
  const {row, add, placed} = emptyPlaces(rows);
  for (let i = 0; i < rows.length; i++) {
    if (rows[i] === 0 || !(time[i] >= 0) || !(code[i] >= 0)) continue;
    const down = depth(code[i], status[i], time[i]);
    if (down === down) add(i, frame.marginLeft + (time[i] - start) * across, MARGIN_TOP + down * high);
  }
  return {
    ...placed(),
    patient: (k) => cohort.patient(row[k]),
    words: (k) => {
      const i = row[k];
      return `${groups[code[i]].label}, ${ENDS[status[i]] ?? "event"} at ${formatTime(time[i])} ${endpoint.unit}`;
    }
  };
}

/** What a step function has come to by a time. @param before - its value before the first step */
export function valueBy(time: Float64Array, value: Float64Array, at: number, before: number): number {
  const steps = countUpTo(time, at);
  return steps === 0 ? before : value[steps - 1];
}
