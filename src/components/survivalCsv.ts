import {csvText} from "./csv.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** The curves drawn, every step of them. */
export function survivalCsv({groups}: SurvivalAnswer): string {
  const header = ["group", "time", "at_risk", "events", "censored", "survival", "standard_error", "lower", "upper"];
  const rows = groups.flatMap(({label, curve: c}) =>
    Array.from(c.time, (time, j) => [
      label,
      time,
      c.atRisk[j],
      c.events[j],
      c.censored[j],
      c.survival[j],
      c.standardError[j],
      c.lower[j],
      c.upper[j]
    ])
  );
  return csvText(header, rows);
}
