import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {Selection} from "../../cohort/selection.js";
import {counted, formatInterval, formatPercent, formatTime} from "../formatting.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {testLine} from "../survivalChart.js";
import {bandFunction} from "./bandLines.js";
import {lateLogRank, logRankOf} from "./logRankLines.js";
import {labelsOf, page, quoted, quotedVector, rHead, rOutcome, rowsOf, rYears} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** Labels of the groups found, the reference first. */
export function levelsOf({grouping: {groups, reference}, groups: found}: SurvivalAnswer): string[] {
  const labels = found.map(({label}) => label);
  const first = labels.includes(groups[reference]?.label) ? groups[reference].label : labels[0];
  return [first, ...labels.filter((label) => label !== first)];
}

/** Curves, medians, survival at the years shown, log-rank test and hazard ratios of a selection, again in R. */
export function survivalScript(
  cohort: Cohort,
  selection: Selection,
  answer: SurvivalAnswer,
  data: ScriptData,
  rows: Uint8Array = rowMask(cohort, selection)
): string {
  const {endpoint, years, hazardRatios} = answer;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const late = "entry" in columns;
  const group = labelsOf(answer.grouping.groups, answer.grouping.code);
  const levels = levelsOf(answer);
  const said = answer.groups.map(({label, n, events, median, at}) => {
    const later = years.map((year, y) => `${formatPercent(at.survival[y])} at ${counted(year, "year")}`);
    return page(
      `${label}: ${n} patients, ${events} events, ${[`median ${formatTime(median.time)}`, ...later].join(", ")}`
    );
  });
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, group}, rowsOf(rows))}
d$group <- factor(d$group, levels = ${quotedVector(levels)})
d <- d[!is.na(d$group) & !is.na(d$time), ]

fit <- survfit(${outcome} ~ group, data = d, conf.type = ${quoted(selection.interval)})
${said.join("\n")}
print(fit) # n, events, medians with limits
${years.length > 0 ? `at <- ${rYears(years, endpoint)}\nprint(summary(fit, times = at, extend = TRUE))` : ""}
plot(fit, col = seq_along(levels(d$group)), conf.int = TRUE, mark.time = TRUE)
legend("bottomleft", levels(d$group), col = seq_along(levels(d$group)), lty = 1)
${
  selection.band === "pointwise"
    ? ""
    : `${bandFunction(selection)}${bandsSaid(answer)}
for (g in levels(d$group)) {
  found <- band(survfit(${outcome} ~ 1, data = d[d$group == g, ]))
  if (is.null(found)) next
  cat("\\nBand of", g, "\\n")
  print(found, row.names = FALSE)
  for (side in c("lower", "upper")) lines(found$time, found[[side]], type = "s", lty = 3, col = match(g, levels(d$group)))
}
`
}${
    levels.length > 1
      ? `
${late ? lateLogRank : ""}
cat("Log-rank chi-squared:", ${logRankOf(late, outcome, "d")}, "\\n") ${page(testLine(answer)?.title ?? "no test")}
cox <- coxph(${outcome} ~ group, data = d, ties = "efron", control = exact)
cat("Score test:", cox$score, "\\n")
${hazardRatios.map((ratio) => page(`${ratio.group} to ${ratio.versus}: ${ratio.estimable ? `HR ${formatInterval(ratio.hazardRatio, ratio.lower, ratio.upper)}` : "no finite estimate"}`)).join("\n")}
cat("Hazard ratios:", exp(coef(cox)), "\\n")
print(summary(cox)$conf.int)
print(tryCatch(cox.zph(cox, terms = FALSE), error = conditionMessage))`
      : ""
  }
`;
}

const bandsSaid = ({groups}: SurvivalAnswer) =>
  groups
    .map(({label, band}) =>
      page(
        band
          ? `band of ${label} from ${band.from} to ${band.to}, critical value ${band.critical.toPrecision(5)}`
          : `${label} has no band`
      )
    )
    .join("\n");
