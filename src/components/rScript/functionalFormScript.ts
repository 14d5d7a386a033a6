import type {Cohort} from "../../cohort/readCohort.js";
import type {Endpoint} from "../../cohort/description.js";
import type {FunctionalForm} from "../../survival/functionalForm.js";
import {exactP, formatNumber} from "../formatting.js";
import {page, rHead, rOutcome, rowsOf, rVariable, rVector} from "./rData.js";
import type {ScriptData} from "./scriptData.js";
import {splineInR} from "./splineInR.js";

/** The shape of a numeric term's effect and the test against a straight line, again in R. */
export function functionalFormScript(
  cohort: Cohort,
  endpoint: Endpoint,
  {variable, knots, nonLinear, curve, linearCoef, reference, n, events}: FunctionalForm,
  rows: Uint8Array,
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, endpoint.id);
  const last = curve.x.length - 1;
  const said = [0, Math.round(last / 2), last].map((k) =>
    page(
      `at ${formatNumber(curve.x[k])}: ${formatNumber(curve.logHazardRatio[k])} (${formatNumber(curve.lower[k])} to ${formatNumber(curve.upper[k])})`
    )
  );
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, x: rVariable(cohort, variable)}, rowsOf(rows))}
d <- d[complete.cases(d), ]
cat("n, events:", nrow(d), sum(d$event), "\\n") ${page(`${n}, ${events}`)}

${splineInR}knots <- ${rVector(knots)} # at quantiles of x
line <- coxph(${outcome} ~ x, data = d, ties = "efron", control = exact)
s <- spline(d$x, knots)
bent <- coxph(${outcome} ~ s, data = d, ties = "efron", control = exact)
cat("Straight line:", coef(line), "\\n") ${page(formatNumber(linearCoef))}
cat("Spline against straight line:", 2 * (bent$loglik[2] - line$loglik[2]), "\\n") ${page(`${nonLinear.statistic.toFixed(4)} on ${nonLinear.df} df, ${exactP(nonLinear.p)}`)}

# Log hazard ratio against the median.
at <- seq(min(d$x), max(d$x), length.out = ${curve.x.length})
reference <- median(d$x) ${page(formatNumber(reference))}
change <- sweep(spline(at, knots), 2, spline(reference, knots))
estimate <- drop(change %*% coef(bent))
error <- sqrt(rowSums((change %*% vcov(bent)) * change))
z <- qnorm(0.975)
shape <- data.frame(x = at, log.ratio = estimate, lower = estimate - z * error, upper = estimate + z * error)
${said.join("\n")}
print(shape, row.names = FALSE)
plot(log.ratio ~ x, data = shape, type = "l")
lines(lower ~ x, data = shape, lty = 2)
lines(upper ~ x, data = shape, lty = 2)
abline(a = -reference * coef(line), b = coef(line), lty = 3)
`;
}
