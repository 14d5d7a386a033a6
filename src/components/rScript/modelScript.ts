import type {Cohort} from "../../cohort/readCohort.js";
import {predictCurve} from "../../survival/coxPrediction.js";
import {nomogramPoints} from "../../survival/nomogramPoints.js";
import {designRow, nomogramModel, scoreOf} from "../../survival/publishedModel.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {formatInterval, formatNumber, formatPercent, perYear} from "../formatting.js";
import type {PatientValues} from "../nomogram/patientValue.js";
import {trainingRows} from "../nomogram/trainingRows.js";
import {page, quoted, quotedVector, rHead, rName, rOutcome, rowsOf, rVariable, rVector, rYears} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/**
 * Fits the model again on the same patients and prints what the page shows, in R: coefficients, C-index, baseline
 * survival, the patient's prediction, and the nomogram's points (and rms's own where it is installed).
 */
export function modelScript(
  cohort: Cohort,
  model: PublishedModel,
  patient: PatientValues,
  years: readonly number[],
  data: ScriptData
): string {
  const {study} = cohort;
  const endpoint = study.endpoints.find(({id}) => id === model.endpoint)!;
  const names = model.terms.map(({variable}) => rName(variable));
  const {columns, outcome} = rOutcome(cohort, model.endpoint);
  const formula = `${outcome} ~ ${names.join(" + ")}`;
  const factors = model.terms.flatMap((term) =>
    term.kind === "factor"
      ? [`d$${rName(term.variable)} <- factor(d$${rName(term.variable)}, levels = ${quotedVector(term.levels)})`]
      : []
  );
  const values = model.terms.map(({variable, kind}) =>
    kind === "factor"
      ? `${rName(variable)} = factor(${quoted(String(patient[variable]))}, levels = levels(d$${rName(variable)}))`
      : `${rName(variable)} = ${patient[variable]}`
  );
  const frame = {
    ...columns,
    ...Object.fromEntries(model.terms.map(({variable}) => [rName(variable), rVariable(cohort, variable)]))
  };
  const horizons = years.map((year) => year * perYear[endpoint.unit]);
  const valueOf = (variable: string) => patient[variable];
  const {survival, lower, upper} = predictCurve(model.prediction, designRow(model, valueOf), horizons);
  const predicted = years.map((year, h) =>
    page(`${year} years: ${formatInterval(survival[h], lower[h], upper[h], (v) => formatPercent(v, 1))}`)
  );
  const coefficients = model.coefficients.map(({name, coef, standardError, hazardRatio, lower: low, upper: high}) =>
    page(
      `${name} ${formatNumber(coef, 6)}, SE ${formatNumber(standardError, 4)}, HR ${formatInterval(hazardRatio, low, high)}`
    )
  );
  return `${rHead(study, endpoint)}
# ${model.label}, fitted on the ${model.fittedOn.n} training patients below, ${model.fittedOn.events} events.
${data.frame("d", frame, rowsOf(trainingRows(cohort, model)))}
${factors.join("\n")}

fit <- coxph(${formula}, data = d, ties = "efron", control = exact)
${coefficients.join("\n")}
print(summary(fit)$coefficients)
cat("C-index on training:", concordance(fit)$concordance, "\\n")

horizon <- ${rYears(years, endpoint)}
base <- basehaz(fit, centered = FALSE)
at <- sapply(horizon, function(t) max(0, base$hazard[base$time <= t]))
cat("Baseline survival:", exp(-at), "\\n")

patient <- data.frame(${values.join(", ")})
cat("Linear predictor of the patient:", predict(fit, patient, type = "lp", reference = "zero"), "\\n") ${page(formatNumber(scoreOf(model, valueOf), 6))}
${predicted.join("\n")}
predicted <- summary(survfit(fit, patient, conf.type = "log-log"), times = horizon)
print(data.frame(time = predicted$time, survival = c(predicted$surv), lower = c(predicted$lower), upper = c(predicted$upper)))
plot(survfit(fit, patient, conf.type = "log-log"))
${pointsInR(model, horizons)}
# The drawing, where rms is installed.
if (requireNamespace("rms", quietly = TRUE)) {
  suppressMessages(library(rms))
  dd <- datadist(d[${quotedVector(names)}])
  options(datadist = "dd")
  f <- cph(${formula}, data = d, x = TRUE, y = TRUE, surv = TRUE, eps = 1e-12, tol = 1e-15)
  S <- Survival(f)
  drawn <- nomogram(f, fun = lapply(horizon, function(t) function(lp) S(t, lp)), funlabel = paste(${rVector(years)}, "year survival"))
  print(drawn)
  plot(drawn)
}
`;
}

/** Points of the axes' ticks: what a tick adds to the linear predictor, the widest term spanning 100. */
function pointsInR(model: PublishedModel, horizons: readonly number[]): string {
  const {terms} = nomogramPoints(nomogramModel(model, horizons));
  const effects = terms.map(({name, at}) =>
    model.terms.find(({variable}) => variable === name)!.kind === "factor"
      ? `  ${quoted(rName(name))} = c(0, coef(fit)[fit$assign[[${quoted(rName(name))}]]])`
      : `  ${quoted(rName(name))} = coef(fit)[[${quoted(rName(name))}]] * ${rVector(at as number[])}`
  );
  const said = terms.map(({name, at, points}) =>
    page(`${name}: ${at.map((tick, k) => `${tick} is ${formatNumber(points[k], 3)}`).join(", ")}`)
  );
  return `
# Points of each tick of the nomogram: the term with the widest effect spans 100.
effect <- list(
${effects.join(",\n")}
)
widest <- max(sapply(effect, function(e) diff(range(e))))
${said.join("\n")}
for (name in names(effect)) cat("points", name, ":", (effect[[name]] - min(effect[[name]])) * 100 / widest, "\\n")
`;
}
