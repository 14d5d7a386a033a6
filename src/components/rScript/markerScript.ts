import type {Cohort} from "../../cohort/readCohort.js";
import type {Variable} from "../../cohort/description.js";
import {endpointOf} from "../../cohort/selection.js";
import type {Selection} from "../../cohort/selection.js";
import type {TreatmentEffectCurve} from "../../survival/treatmentEffectCurve.js";
import {exactP, formatInterval, formatNumber} from "../formatting.js";
import {treatmentGroups} from "../treatment/treatmentGroups.js";
import {labelsOf, page, quotedVector, rHead, rOutcome, rowsOf, rVariable, rVector} from "./rData.js";
import type {ScriptData} from "./scriptData.js";
import {splineInR} from "./splineInR.js";

/** The treatment's hazard ratio along the risk score, again in R. */
export function markerScript(
  cohort: Cohort,
  {
    selection,
    rows,
    treatment,
    score
  }: {
    readonly selection: Selection;
    readonly rows: Uint8Array;
    readonly treatment: Variable;
    readonly score: Variable;
  },
  curve: TreatmentEffectCurve,
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const {groups, code} = treatmentGroups(cohort, treatment);
  const frame = {...columns, treated: labelsOf(groups, code), score: rVariable(cohort, score.id)};
  const {knots, interaction, linear, n, events} = curve;
  const last = curve.score.length - 1;
  const said = [0, Math.round(last / 2), last].map((k) =>
    page(
      `at ${formatNumber(curve.score[k])}: HR ${formatInterval(curve.hazardRatio[k], curve.lower[k], curve.upper[k])}`
    )
  );
  return `${rHead(cohort.study, endpointOf(cohort.study, selection))}
${data.frame("d", frame, rowsOf(rows))}
d$treated <- as.numeric(factor(d$treated, levels = ${quotedVector(groups.map(({label}) => label))})) - 1
d <- d[complete.cases(d), ]
cat("n, events:", nrow(d), sum(d$event), "\\n") ${page(`${n}, ${events}`)}

${splineInR}knots <- ${rVector(knots)} # at quantiles of the score
# A score far from 0 would cost digits: the curve does not depend on where the score is 0.
centre <- knots[${Math.floor(knots.length / 2) + 1}]
s <- spline(d$score - centre, knots - centre)
fit <- coxph(${outcome} ~ treated * s, data = d, ties = "efron", control = exact)
without <- coxph(${outcome} ~ treated + s, data = d, ties = "efron", control = exact)
cat("Same effect at every score:", 2 * (fit$loglik[2] - without$loglik[2]), "\\n") ${page(`${interaction.statistic.toFixed(4)} on ${interaction.df} df, ${exactP(interaction.p)}`)}
line <- coxph(${outcome} ~ treated * score, data = d, ties = "efron", control = exact)
flat <- coxph(${outcome} ~ treated + score, data = d, ties = "efron", control = exact)
cat("As a straight line:", 2 * (line$loglik[2] - flat$loglik[2]), "\\n") ${page(`${linear.statistic.toFixed(4)} on ${linear.df} df, ${exactP(linear.p)}`)}

# At score s the log hazard ratio is that of treatment plus those of its products with the spline.
ends <- quantile(d$score, c(0.05, 0.95))
at <- seq(ends[1], ends[2], length.out = ${curve.score.length})
x <- cbind(1, spline(at - centre, knots - centre))
of <- c(1, length(coef(fit)) - (ncol(s) - 1):0)
effect <- drop(x %*% coef(fit)[of])
error <- sqrt(rowSums((x %*% vcov(fit)[of, of]) * x))
z <- qnorm(0.975)
effects <- data.frame(score = at, ratio = exp(effect), lower = exp(effect - z * error), upper = exp(effect + z * error))
${said.join("\n")}
print(effects, row.names = FALSE)
plot(ratio ~ score, data = effects, type = "l", log = "y", ylim = range(0.2, 5, effects$ratio), ylab = "Hazard ratio")
lines(lower ~ score, data = effects, lty = 2)
lines(upper ~ score, data = effects, lty = 2)
abline(h = 1)
`;
}
