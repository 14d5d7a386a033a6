import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {SmoothedCurve} from "../../survival/smoothedCoefficient.js";
import {formatInterval, formatRatio, formatTime} from "../formatting.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {labelsOf, page, quotedVector, rHead, rOutcome, rowsOf} from "./rData.js";
import type {ScriptData} from "./scriptData.js";
import {levelsOf} from "./survivalScript.js";

/** The hazard ratio of two groups over time, by smoothed Schoenfeld residuals, again in R. */
export function hazardRatioScript(
  cohort: Cohort,
  answer: SurvivalAnswer,
  {time, coef, lower, upper}: SmoothedCurve,
  data: ScriptData
): string {
  const {endpoint, selection, grouping} = answer;
  const [{hazardRatio, lower: low, upper: high}] = answer.hazardRatios;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const group = labelsOf(grouping.groups, grouping.code);
  const last = time.length - 1;
  const said = [0, Math.round(last / 2), last].map((k) =>
    page(
      `at ${formatTime(time[k])} ${endpoint.unit}: ${formatRatio(Math.exp(coef[k]))} (two standard errors: ${formatRatio(Math.exp(lower[k]))} to ${formatRatio(Math.exp(upper[k]))})`
    )
  );
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, group}, rowsOf(rowMask(cohort, selection)))}
d$group <- factor(d$group, levels = ${quotedVector(levelsOf(answer))})
d <- d[!is.na(d$group) & !is.na(d$time), ]

cox <- coxph(${outcome} ~ group, data = d, ties = "efron", control = exact)
cat("Hazard ratio:", exp(coef(cox)), "\\n") ${page(`HR ${formatInterval(hazardRatio, low, high)}`)}

# Scaled Schoenfeld residuals over 1 - Kaplan-Meier, and what plot(z) draws through them:
# a natural cubic spline with 4 degrees of freedom at 40 points, two standard errors on either side.
z <- cox.zph(cox, transform = "km", terms = FALSE)
at <- seq(min(z$x), max(z$x), length.out = 40)
spline <- splines::ns(c(at, z$x), df = 4, intercept = TRUE)
fit <- lm.fit(spline[-(1:40), ], z$y[, 1])
drawn <- spline[1:40, ]
log.ratio <- drop(drawn %*% fit$coefficients)
error <- sqrt(z$var[1, 1] * rowSums((drawn %*% chol2inv(qr.R(fit$qr))) * drawn))
first <- !duplicated(z$x)
smooth <- data.frame(time = approx(z$x[first], z$time[first], at)$y, ratio = exp(log.ratio),
                     lower = exp(log.ratio - 2 * error), upper = exp(log.ratio + 2 * error))
${said.join("\n")}
print(smooth)
plot(ratio ~ time, data = smooth, type = "l", log = "y", ylab = "Hazard ratio")
lines(lower ~ time, data = smooth, lty = 2)
lines(upper ~ time, data = smooth, lty = 2)
abline(h = exp(coef(cox)), lty = 3)
`;
}
