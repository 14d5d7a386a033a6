import type {Cohort} from "../../cohort/readCohort.js";
import {baselineHazardAt} from "../../survival/coxPrediction.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {formatInterval, formatNumber, formatPercent, perYear} from "../formatting.js";
import {modelScores} from "../nomogram/cohortValue.js";
import {judgedRows, thresholds} from "../nomogram/performanceAnswer.js";
import type {ModelPerformance, PerformanceAnswer} from "../nomogram/performanceAnswer.js";
import {page, quoted, rHead, rName, rNumber, rowsOf, rVector} from "./rData.js";
import type {ScriptData} from "./scriptData.js";
import {splineInR} from "./splineInR.js";

/** Patients on whom models are judged. */
export interface JudgedPatients {
  readonly cohort: Cohort;
  readonly models: readonly PublishedModel[];
  /** Mask of the patients selected. */
  readonly rows: Uint8Array;
  /** Years at which risks are predicted. */
  readonly year: number;
}

const FOLLOW_UP = new Set(["time", "event"]);

/** Of a model's column, beside those of follow-up; it is only ever quoted. */
const nameOf = (id: string) => rName(id, FOLLOW_UP);

/** Head, and the patients whom all the models can score, with each model's linear predictor. */
function scored({cohort, models, rows}: JudgedPatients, data: ScriptData): string {
  const endpoint = cohort.study.endpoints.find(({id}) => id === models[0].endpoint)!;
  const {time, event} = cohort.followUp(endpoint.id);
  const scores = Object.fromEntries(models.map((model) => [nameOf(model.id), modelScores(cohort, model)]));
  const names = models.map(({id, label}) => `${quoted(nameOf(id))} = ${quoted(label)}`);
  return `${rHead(cohort.study, endpoint)}
# Linear predictors by the published coefficients: the models are not fitted again here.
${data.frame("d", {time, event, ...scores}, rowsOf(judgedRows(cohort, models, rows).rows))}
models <- c(${names.join(", ")})
`;
}

/** Each model's probability of the event by the horizon. */
function risks({cohort, models, year}: JudgedPatients): string {
  const endpoint = cohort.study.endpoints.find(({id}) => id === models[0].endpoint)!;
  const horizon = year * perYear[endpoint.unit];
  const hazards = models.map(
    (model) => `${quoted(nameOf(model.id))} = ${rNumber(baselineHazardAt(model.prediction, horizon))}`
  );
  return `horizon <- ${horizon} # ${year} years
# Published baseline hazard of each model by then, for a linear predictor of 0.
hazard <- c(${hazards.join(", ")})
risk <- lapply(names(models), function(m) -expm1(-hazard[[m]] * exp(d[[m]])))
names(risk) <- names(models)
`;
}

/** Time-dependent AUC of each model, again in R. */
export function aucScript(judged: JudgedPatients, answer: PerformanceAnswer, data: ScriptData): string {
  const curves = answer.models.flatMap(({model, aucCurve}) => (aucCurve ? [{model, aucCurve}] : []));
  const times = curves[0].aucCurve.time;
  const said = curves.map(({model, aucCurve: {auc}}) =>
    page(`${model.label}: first ${formatNumber(auc[0])}, last ${formatNumber(auc[auc.length - 1])}`)
  );
  return `${scored(judged, data)}
# Probability of not being censored (Kaplan-Meier); deaths leave before censorings of the same time.
t <- sort(unique(d$time))
deaths <- sapply(t, function(s) sum(d$event[d$time == s]))
left <- sapply(t, function(s) sum(d$time == s)) - deaths
at.risk <- sapply(t, function(s) sum(d$time >= s)) - deaths
uncensored <- cumprod(ifelse(left > 0, 1 - left / at.risk, 1))
before <- function(s) c(1, uncensored)[1 + findInterval(s, t, left.open = TRUE)]

# AUC by a time: how often a patient with the event by then scores higher than one followed beyond it; ties count
# half. A patient with an event weighs 1 / probability of not being censored before it.
auc <- function(by, score) {
  case <- d$time <= by & d$event == 1
  beyond <- sort(score[d$time > by])
  below <- (findInterval(score[case], beyond, left.open = TRUE) + findInterval(score[case], beyond)) / 2
  weighted.mean(below / length(beyond), 1 / before(d$time[case]))
}
times <- ${rVector(times)} # 25 quantiles of the event times
${said.join("\n")}
curves <- sapply(names(models), function(m) sapply(times, auc, score = d[[m]]))
for (m in names(models)) cat("AUC |", m, ":", curves[, m], "\\n")
matplot(times, curves, type = "l", lty = 1, ylim = c(0.4, 1), ylab = "Time-dependent AUC")
legend("bottomleft", models, col = seq_along(models), lty = 1)
`;
}

/** Net benefit of each model, again in R. */
export function decisionScript(judged: JudgedPatients, answer: PerformanceAnswer, data: ScriptData): string {
  const said = answer.models.flatMap(({model, decision}) =>
    decision
      ? [
          page(
            `${model.label}: ${[0.1, 0.3, 0.5].map((t) => `${formatNumber(decision.netBenefit[Math.round(t * 100) - 1], 3)} at ${t}`).join(", ")}`
          )
        ]
      : []
  );
  const overall = answer.models.find(({decision}) => decision)?.decision?.eventProbability ?? NaN;
  return `${scored(judged, data)}
${risks(judged)}
# Probability of the event by the horizon: 1 - Kaplan-Meier; not known where all follow-up ends before it.
probability <- function(part) {
  if (max(part$time) < horizon && any(part$event[part$time == max(part$time)] == 0)) return(NA)
  1 - summary(survfit(Surv(time, event) ~ 1, data = part), times = horizon, extend = TRUE)$surv
}
cat("Event by the horizon:", probability(d), "\\n") ${page(formatPercent(overall))}

# Net benefit of treating those whose risk reaches the threshold (Vickers 2008).
threshold <- (1:${thresholds.length}) / 100
net.benefit <- function(risk) sapply(threshold, function(s) {
  treated <- d[risk >= s, ]
  if (nrow(treated) == 0) return(0)
  p <- probability(treated)
  (p - (1 - p) * s / (1 - s)) * nrow(treated) / nrow(d)
})
${said.join("\n")}
curves <- sapply(risk, net.benefit)
for (m in names(models)) cat("Net benefit |", m, ":", curves[, m], "\\n")
all <- probability(d) - threshold / (1 - threshold) * (1 - probability(d))
cat("Net benefit of treating all:", all, "\\n")
matplot(threshold, cbind(curves, all), type = "l", lty = 1, ylim = c(-0.05, max(all[1], 0.05)), ylab = "Net benefit")
abline(h = 0)
legend("topright", c(models, "treat all"), col = seq_len(length(models) + 1), lty = 1)
`;
}

/** Observed against predicted probability of one model, again in R. */
export function calibrationScript(
  judged: JudgedPatients,
  {model, calibration}: ModelPerformance,
  data: ScriptData
): string {
  const {overall, groups, slope, smooth} = calibration!;
  const said = groups.map(({meanRisk, observed, lower, upper, n}) =>
    page(
      `${n} patients, predicted ${formatPercent(meanRisk, 1)}, observed ${formatInterval(observed, lower, upper, (v) => formatPercent(v, 1))}`
    )
  );
  return `${scored(judged, data)}
${risks(judged)}
risk <- risk[[${quoted(nameOf(model.id))}]]
observed <- function(part) {
  s <- summary(survfit(Surv(time, event) ~ 1, data = part, conf.type = "log-log"), times = horizon, extend = TRUE)
  c(1 - s$surv, 1 - s$upper, 1 - s$lower)
}
cat("Predicted and observed, all:", mean(risk), observed(d), "\\n") ${page(`${formatPercent(overall.meanRisk, 1)}, ${formatPercent(overall.observed, 1)}`)}

# Fifths of the predicted risk.
group <- cut(risk, unique(quantile(risk, (0:5) / 5)), include.lowest = TRUE, labels = FALSE)
${said.join("\n")}
for (g in sort(unique(group))) cat("group", g, ":", sum(group == g), mean(risk[group == g]), observed(d[group == g, ]), "\\n")

# Calibration slope: Cox coefficient of log(-log(1 - risk)).
d$loglog <- log(-log(1 - risk))
cat("Slope:", coef(coxph(Surv(time, event) ~ loglog, data = d, ties = "efron", control = exact)), "\\n") ${page(formatInterval(slope.coef, slope.lower, slope.upper))}
${
  smooth
    ? `
# The smooth curve: Cox regression on a spline of it (Austin 2020).
${splineInR}knots <- ${rVector(smooth.knots)} # at quantiles of log(-log(1 - risk))
s <- spline(d$loglog, knots)
fit <- coxph(Surv(time, event) ~ s, data = d, ties = "efron", control = exact)
base <- basehaz(fit, centered = FALSE)
H <- max(0, base$hazard[base$time <= horizon])
curve <- 1 - exp(-H * exp(drop(s %*% coef(fit))))
cat("ICI:", mean(abs(curve - risk)), "\\n") ${page(smooth.ici.toFixed(3))}
o <- order(risk)
cat("Smooth curve at the smallest, middle and largest risk:", curve[o][c(1, ceiling(nrow(d) / 2), nrow(d))], "\\n") ${page([0, Math.ceil(smooth.risk.length / 2) - 1, smooth.risk.length - 1].map((k) => formatPercent(smooth.observed[k], 1)).join(", "))}
plot(risk[o], curve[o], type = "l", xlim = 0:1, ylim = 0:1, xlab = "Predicted", ylab = "Observed")
abline(0, 1, lty = 3)`
    : "# The risks are too few or too tied for a smooth curve."
}
`;
}
