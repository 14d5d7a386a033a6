/** Scale on which a confidence interval of S is symmetric. */
export type SurvivalInterval = "log-log" | "log" | "plain";

/**
 * Limits of a survival probability, within 0 and 1.
 *
 * @param half - half the width of the interval of log S
 * @returns lower and upper; NaN where S = 0, and on the log-log scale also where S = 1
 * @see R `survival:::survfit_confint` 3.5-3
 */
export function survivalLimits(survival: number, half: number, interval: SurvivalInterval): [number, number] {
  if (survival === 0 || (survival === 1 && interval === "log-log")) return [NaN, NaN];
  if (interval === "plain") return [Math.max(0, survival - survival * half), Math.min(1, survival + survival * half)];
  if (interval === "log") return [survival * Math.exp(-half), Math.min(1, survival * Math.exp(half))];
  const logS = Math.log(survival);
  const factor = Math.exp(half / logS);
  return [Math.exp(logS / factor), Math.exp(logS * factor)];
}
