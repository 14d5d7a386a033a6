import type {Band, Selection} from "../cohort/selection.js";
import type {KaplanMeier} from "../survival/kaplanMeier.js";
import {EQUAL_FROM, simultaneousBand} from "../survival/simultaneousBand.js";
import type {SimultaneousBand} from "../survival/simultaneousBand.js";
import {formatPercent} from "./formatting.js";

const NAMES: Readonly<Record<Exclude<Band, "pointwise">, string>> = {
  "hall-wellner": "Hall–Wellner",
  "equal-precision": "equal-precision (Nair)"
};

/** The simultaneous band the reader asked for; null where pointwise limits are drawn, and where a curve has no band. */
export function bandOf(curve: KaplanMeier, {band}: Pick<Selection, "band">): SimultaneousBand | null {
  return band === "pointwise" ? null : simultaneousBand(curve, band);
}

/** "pointwise 95% log-log confidence bands" */
export function bandWords({band, interval}: Pick<Selection, "band" | "interval">): string {
  return `${band === "pointwise" ? "pointwise" : `simultaneous ${NAMES[band]}`} 95% ${interval} confidence bands`;
}

/** What lies around the curves, where it is no pointwise band, as a sentence for those who do not see it. */
export const bandSummary = (selection: Pick<Selection, "band" | "interval">): string =>
  selection.band === "pointwise" ? "" : ` Shaded are ${bandWords(selection)}.`;

/** From when to when simultaneous bands hold, as a sentence; "" of pointwise ones. */
export function bandRange({band}: Pick<Selection, "band">): string {
  if (band === "pointwise") return "";
  const from =
    band === "hall-wellner"
      ? "its first event"
      : `the event by which about ${formatPercent(EQUAL_FROM)} have had it, censoring allowed for,`;
  return ` Each band holds its own whole curve from ${from} to the last event that leaves somebody at risk; limits at single times, also of the median, are pointwise.`;
}

/** Groups whose curve has no band of the kind asked for, one sentence each. */
export function bandsMissing(
  groups: readonly {readonly label: string; readonly band?: SimultaneousBand | null}[],
  {band}: Pick<Selection, "band">
): string[] {
  if (band === "pointwise") return [];
  const few = band === "hall-wellner" ? "no event leaves anybody at risk" : "too few have had the event";
  return groups.filter((group) => !group.band).map(({label}) => `${label} has no ${NAMES[band]} band: ${few}.`);
}
