import {endpointCsv} from "./csv.js";
import type {GroupAnswer, SurvivalAnswer} from "./survivalAnswer.js";

type DrawnCurve = Pick<GroupAnswer, "label" | "curve" | "band">;

/** Columns of a curve's steps; those of a simultaneous band where a curve has one. */
export const curveColumns = (curves: readonly DrawnCurve[] = []): string[] => [
  "group",
  "time",
  "at_risk",
  "events",
  "censored",
  "survival",
  "standard_error",
  "lower",
  "upper",
  ...(curves.some(({band}) => band) ? ["band_lower", "band_upper"] : [])
];

/** Every step of the curves, aligned with `curveColumns`. */
export function curveRows(curves: readonly DrawnCurve[], banded: boolean): (string | number)[][] {
  return curves.flatMap(({label, curve: c, band}) =>
    Array.from(c.time, (time, j) => [
      label,
      time,
      c.atRisk[j],
      c.events[j],
      c.censored[j],
      c.survival[j],
      c.standardError[j],
      c.lower[j],
      c.upper[j],
      ...(banded ? [band?.lower[j] ?? NaN, band?.upper[j] ?? NaN] : [])
    ])
  );
}

/** The curves drawn. */
export function survivalCsv({groups, endpoint}: SurvivalAnswer): string {
  const header = curveColumns(groups);
  return endpointCsv(endpoint, header, curveRows(groups, header.includes("band_lower")));
}
