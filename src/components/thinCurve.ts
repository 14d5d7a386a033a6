import {limitsOf} from "../survival/kaplanMeier.js";
import type {KaplanMeier} from "../survival/kaplanMeier.js";

/** Limits of a step of a curve: lower, upper. */
export type Limits = (step: number) => readonly [number, number];

/** A corner of a drawn survival curve. */
export interface CurvePoint {
  readonly time: number;
  readonly survival: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * What can be seen of a curve: its start, and of each pixel's width the last step. With fewer steps than pixels it is the
 * curve itself.
 *
 * @param pixel - width of a pixel in units of time
 * @param limits - default: the curve's own
 */
export function thinCurve(
  curve: KaplanMeier,
  start: number,
  pixel: number,
  limits: Limits = limitsOf(curve)
): CurvePoint[] {
  const points: CurvePoint[] = [{time: start, survival: 1, lower: 1, upper: 1}];
  const {time, survival} = curve;
  for (let j = 0; j < time.length; j++) {
    const last = j === time.length - 1;
    const same = survival[j] === (j > 0 ? survival[j - 1] : 1);
    if (!last && (same || Math.floor(time[j] / pixel) === Math.floor(nextStep(curve, j) / pixel))) continue;
    const [lower, upper] = limits(j);
    points.push({time: time[j], survival: survival[j], lower, upper});
  }
  return points;
}

function nextStep({time, survival}: KaplanMeier, j: number): number {
  for (let k = j + 1; k < time.length; k++) if (survival[k] !== survival[j]) return time[k];
  return Infinity;
}

/** Where patients were censored, one mark a pixel. */
export function censorMarks(curve: KaplanMeier, pixel: number): {readonly time: number; readonly survival: number}[] {
  const marks: {time: number; survival: number}[] = [];
  let before = -1;
  for (let j = 0; j < curve.time.length; j++) {
    const at = Math.floor(curve.time[j] / pixel);
    if (curve.censored[j] === 0 || at === before) continue;
    before = at;
    marks.push({time: curve.time[j], survival: curve.survival[j]});
  }
  return marks;
}
