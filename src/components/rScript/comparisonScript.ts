import type {Cohort} from "../../cohort/readCohort.js";
import type {KindComparison} from "../competingComparison.js";
import type {GroupComparison} from "../groupComparison.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {perYear} from "../formatting.js";
import {labelsOf, page, quoted, quotedVector, rHead, rNumber, rOutcome, rowsOf, rVector} from "./rData.js";
import {lateLogRank} from "./logRankLines.js";
import type {RColumn, ScriptData} from "./scriptData.js";
import {levelsOf} from "./survivalScript.js";
import {timeLostLines} from "./timeLostLines.js";

/**
 * Restricted means and differences of survival, or time lost and differences of incidence, tests of pairs and of proportional
 * hazards, again in R.
 *
 * @param kinds - of an endpoint with a competing event, else none
 */
export function comparisonScript(
  cohort: Cohort,
  answer: SurvivalAnswer,
  comparison: GroupComparison,
  kinds: readonly KindComparison[],
  rows: Uint8Array,
  data: ScriptData
): string {
  const {endpoint, selection, grouping} = answer;
  const {tau, reference, pairs, proportional} = comparison;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const group = labelsOf(grouping.groups, grouping.code);
  const others = levelsOf(answer).filter((label) => label !== reference);
  const late = "entry" in columns;
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, ...(kinds.length > 0 ? kindColumns(cohort, selection.endpoint) : {}), group}, rowsOf(rows))}
d$group <- factor(d$group, levels = ${quotedVector([reference, ...others])})
d <- d[!is.na(d$group) & !is.na(d$time), ]
z <- qnorm(0.975)
tau <- ${rNumber(tau)}
${kinds.length > 0 ? timeLostLines(kinds, late) : survivalLines(outcome, answer, comparison)}${
    pairs.length === 0
      ? ""
      : `
# Log-rank test of each pair; p adjusted by Benjamini and Hochberg.
${late ? `${lateLogRank}\n` : ""}pairs <- combn(levels(d$group), 2)
p <- apply(pairs, 2, function(pair) tryCatch({
  of <- droplevels(d[d$group %in% pair, ])
  ${late ? "chisq <- logRank(of)" : `test <- survdiff(${outcome} ~ group, data = of)\n  chisq <- if (test$var[1, 1] > 0) test$chisq else NA`}
  pchisq(chisq, 1, lower.tail = FALSE)
}, error = function(e) NA))
adjusted <- p.adjust(p, "BH")
for (k in seq_along(p)) cat("pair |", pairs[1, k], "-", pairs[2, k], ":", p[k], adjusted[k], "\\n")
`
  }${
    proportional === null
      ? ""
      : `
# Proportional hazards.
cox <- coxph(${outcome} ~ group, data = d, ties = "efron", control = exact)
zph <- cox.zph(cox, transform = "km", terms = FALSE)
${page(`p = ${proportional.p}`)}
cat("proportional hazards:", zph$table[nrow(zph$table), "p"], "\\n")
print(zph)
`
  }`;
}

/** Kind of event of each patient, and R's name of whose rows those with an entry are. */
function kindColumns(cohort: Cohort, endpoint: string): Record<string, RColumn> {
  const {status} = cohort.followUp(endpoint);
  return {patient: Float64Array.from(status.keys()), status};
}

function survivalLines(
  outcome: string,
  {selection, years, endpoint}: SurvivalAnswer,
  {lines, tau, tauChosen}: GroupComparison
): string {
  // R hands survival out in the order of time, whatever the order asked for.
  const asked = [...(tauChosen ? [tau] : []), ...years.map((year) => year * perYear[endpoint.unit])];
  const times = [...new Set(asked)].sort((a, b) => a - b);
  const shown = lines
    .filter(({mean}) => mean)
    .map(({group: {label}, mean}) => page(`${label}: ${[mean!.value, mean!.lower, mean!.upper].join(", ")}`));
  return `
# Restricted mean up to tau of each group, and its difference to the first.
${shown.join("\n")}
means <- t(sapply(levels(d$group), function(g) {
  own <- d[d$group == g, ]
  # R refuses a tau before the first patient leaves: everybody lives until then.
  if (tau < min(own$time)) return(c(mean = tau, error = 0))
  found <- summary(survfit(${outcome} ~ 1, data = own), rmean = tau)$table
  c(mean = found[["rmean"]], error = found[["se(rmean)"]])
}))
for (g in levels(d$group)) {
  m <- means[g, ]
  cat("mean |", g, ":", m[["mean"]] + c(0, -z, z) * m[["error"]], "\\n")
}
for (g in levels(d$group)[-1]) {
  difference <- means[g, "mean"] - means[1, "mean"]
  error <- sqrt(means[g, "error"]^2 + means[1, "error"]^2)
  p <- 2 * pnorm(-abs(difference / error))
  cat("difference of means |", g, ":", difference + c(0, -z, z) * error, p, "\\n")
}
${
  times.length === 0
    ? ""
    : `
# Difference of survival at some times, with Greenwood's variances.
at <- ${rVector(times)}
survival <- lapply(levels(d$group), function(g)
  summary(survfit(${outcome} ~ 1, data = d[d$group == g, ], conf.type = ${quoted(selection.interval)}),
          times = at, extend = TRUE))
names(survival) <- levels(d$group)
for (g in levels(d$group)[-1]) for (k in seq_along(at)) {
  difference <- survival[[g]]$surv[k] - survival[[1]]$surv[k]
  error <- sqrt(survival[[g]]$std.err[k]^2 + survival[[1]]$std.err[k]^2)
  p <- 2 * pnorm(-abs(difference / error))
  cat("difference of survival |", g, "|", at[k], ":", difference + c(0, -z, z) * error, p, "\\n")
}
`
}`;
}
