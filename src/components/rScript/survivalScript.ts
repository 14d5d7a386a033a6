import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {Selection} from "../../cohort/selection.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {perYear} from "../formatting.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {labelsOf, quoted, quotedVector, rFrame, rHead, rOutcome, rowsOf} from "./rData.js";

/** Curves, medians, survival at the years shown, log-rank test and hazard ratios of a selection, again in R. */
export function survivalScript(cohort: Cohort, selection: Selection, answer: SurvivalAnswer): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const {groups, code, reference} = answer.grouping;
  const group = labelsOf(groups, code);
  const rows = rowsOf(rowMask(cohort, selection));
  const found = answer.groups.map(({label}) => label);
  const first = found.includes(groups[reference].label) ? groups[reference].label : found[0];
  const levels = [first, ...found.filter((label) => label !== first)];
  const times = answer.years.map((year) => year * perYear[answer.endpoint.unit]);
  const head = rHead(cohort.study, answer.endpoint, "Kaplan–Meier curves", selectionWords(cohort.study, selection));
  const several = levels.length > 1;
  return `${head}
${rFrame("d", {...columns, group}, rows)}
d$group <- factor(d$group, levels = ${quotedVector(levels)})
d <- d[!is.na(d$group), ]

fit <- survfit(${outcome} ~ group, data = d, conf.type = ${quoted(selection.interval)})
print(fit) # n, events, medians with limits
${times.length > 0 ? `print(summary(fit, times = c(${times.join(", ")}), extend = TRUE))` : ""}
plot(fit, col = seq_along(levels(d$group)), conf.int = TRUE, mark.time = TRUE)
legend("bottomleft", levels(d$group), col = seq_along(levels(d$group)), lty = 1)
${
  several
    ? `
${"entry" in columns ? "# The log-rank test with late entry is the score test of the Cox model." : `test <- survdiff(${outcome} ~ group, data = d)\ncat("Log-rank chi-squared:", test$chisq, "\\n")`}
cox <- coxph(${outcome} ~ group, data = d, ties = "efron", control = exact)
cat("Score test:", cox$score, "\\n")
cat("Hazard ratios:", exp(coef(cox)), "\\n")
print(summary(cox)$conf.int)
print(cox.zph(cox, terms = FALSE))`
    : ""
}
`;
}
