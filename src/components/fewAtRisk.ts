import type {KaplanMeier} from "../survival/kaplanMeier.js";
import type {CurvePoint} from "./thinCurve.js";

/** With fewer patients at risk a step of the curve says little, and it is drawn faint. */
export const FEW_AT_RISK = 10;

/** Time from which fewer than `FEW_AT_RISK` are at risk. */
export function fewFrom({time, atRisk}: KaplanMeier): number {
  // Backwards: left-truncated curves begin with few at risk too.
  let j = time.length;
  while (j > 0 && atRisk[j - 1] < FEW_AT_RISK) j--;
  return time[Math.min(j, time.length - 1)];
}

/** The two parts of a curve, which meet at the last step before `from`. */
export function sure(points: readonly CurvePoint[], from: number): CurvePoint[] {
  const before = points.filter(({time}) => time < from);
  return before.length === 0 || before.length === points.length ? before : [...before, {...before.at(-1)!, time: from}];
}

export function unsure(points: readonly CurvePoint[], from: number): CurvePoint[] {
  const before = points.findLast(({time}) => time < from);
  const after = points.filter(({time}) => time >= from);
  return before && after.length > 0 ? [{...before, time: from}, ...after] : after;
}
