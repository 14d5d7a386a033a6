import {bandRange, bandWords} from "./curveBand.js";
import {FEW_AT_RISK} from "./fewAtRisk.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

/** How the figure was computed. */
export function methodNote({selection, groups, logRank}: SurvivalAnswer): string {
  const test = logRank ? "; groups compared by the log-rank test and by Cox regression (Efron)" : "";
  const band = `Kaplan–Meier estimate with ${bandWords(selection)}`;
  return groups.length > 0
    ? `${band}, ticks where follow-up was censored, faint where fewer than ${FEW_AT_RISK} are at risk, dashed to the median${test}.${bandRange(selection)}`
    : "";
}
