import {ticks as decimalTicks} from "d3";
import type {Endpoint, TimeUnit} from "../cohort/description.js";
import {formatTime, perYear} from "./formatting.js";

/** Least room a number of the risk table needs, in pixels. */
const ROOM = 44;

/**
 * Round times for the axis and the risk table: whole or half years where the unit allows, else decimal ones.
 *
 * @param pixels - width of the axis
 */
export function timeTicks(start: number, end: number, unit: TimeUnit, pixels: number): number[] {
  const most = Math.max(2, Math.floor(pixels / ROOM));
  if (unit === "years" || unit === "days") return decimalTicks(start, end, Math.min(most, 8));
  // Weeks are counted out whole: 52 make about a year.
  const year = Math.floor(perYear[unit]);
  const steps = unit === "months" ? [1, 3, 6, 12, 24, 36, 60, 120, 240] : [4, 13, 26, 52, 104, 260, 520];
  const step =
    steps.find((s) => Math.floor((end - start) / s) + 1 <= Math.min(most, 9)) ??
    Math.ceil((end - start) / most / year) * year;
  const first = Math.ceil(start / step) * step;
  return Array.from({length: Math.floor((end - first) / step) + 1}, (_, k) => first + k * step);
}

/** What the axis of time says: "Months since surgery". @param landmark - where curves begin, null: at time zero */
export function timeLabel({unit, origin}: Endpoint, landmark: number | null = null): string {
  const words = unit[0].toUpperCase() + unit.slice(1);
  if (origin) return `${words} since ${origin}`;
  return landmark === null ? words : `${words} (landmark at ${formatTime(landmark)})`;
}
