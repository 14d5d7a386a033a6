import type {Cohort} from "../../cohort/readCohort.js";
import type {PublishedModel} from "../../survival/publishedModel.js";
import {csvText} from "../csv.js";
import {perYear} from "../formatting.js";
import {cohortValue} from "./cohortValue.js";
import type {PatientValues} from "./patientValue.js";
import {trainingRows} from "./trainingRows.js";

/**
 * An R script that fits the model again on the same patients and prints what the page shows: coefficients, C-index,
 * baseline survival, the patient's prediction, and the nomogram where rms is installed.
 */
export function modelScript(
  cohort: Cohort,
  model: PublishedModel,
  patient: PatientValues,
  years: readonly number[]
): string {
  const {study} = cohort;
  const {unit, leftTruncated, label} = study.endpoints.find(({id}) => id === model.endpoint)!;
  const names = model.terms.map(({variable}) => variable);
  const outcome = leftTruncated ? "Surv(entry, time, event)" : "Surv(time, event)";
  const formula = `${outcome} ~ ${names.join(" + ")}`;
  const horizons = `c(${years.map((year) => year * perYear[unit]).join(", ")})`;
  const factors = model.terms.flatMap((term) =>
    term.kind === "factor"
      ? [`d$${term.variable} <- factor(d$${term.variable}, levels = c(${term.levels.map(quoted).join(", ")}))`]
      : []
  );
  const values = model.terms.map(({variable, kind}) =>
    kind === "factor"
      ? `${variable} = factor(${quoted(String(patient[variable]))}, levels = levels(d$${variable}))`
      : `${variable} = ${patient[variable]}`
  );
  return `# ${model.label}: ${label}, in ${unit}. ${study.title}.
# ${study.synthetic ? "Synthetic data: no patient in this cohort exists. " : ""}Fitted on the ${model.fittedOn.n} training patients below, ${model.fittedOn.events} events.
# Run: Rscript ${fileName(cohort, model)}
library(survival)

d <- read.csv(stringsAsFactors = FALSE, text = '
${trainingCsv(cohort, model, names, leftTruncated)}')
${factors.join("\n")}

# R stops a little early by default; these settings go on until nothing changes.
fit <- coxph(${formula}, data = d, ties = "efron", control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15))
options(digits = 10)
print(summary(fit)$coefficients)
cat("C-index on training:", concordance(fit)$concordance, "\\n")

horizon <- ${horizons} # ${years.join(", ")} years
base <- basehaz(fit, centered = FALSE)
at <- sapply(horizon, function(t) max(0, base$hazard[base$time <= t]))
cat("Baseline survival:", exp(-at), "\\n")

patient <- data.frame(${values.join(", ")})
cat("Linear predictor of the patient:", predict(fit, patient, type = "lp", reference = "zero"), "\\n")
predicted <- summary(survfit(fit, patient, conf.type = "log-log"), times = horizon)
print(data.frame(time = predicted$time, survival = c(predicted$surv), lower = c(predicted$lower), upper = c(predicted$upper)))

# The drawing, where rms is installed.
if (requireNamespace("rms", quietly = TRUE)) {
  suppressMessages(library(rms))
  dd <- datadist(d[c(${names.map(quoted).join(", ")})])
  options(datadist = "dd")
  f <- cph(${formula}, data = d, x = TRUE, y = TRUE, surv = TRUE, eps = 1e-12, tol = 1e-15)
  S <- Survival(f)
  print(nomogram(f, fun = lapply(horizon, function(t) function(lp) S(t, lp)), funlabel = paste(c(${years.join(", ")}), "year survival")))
}
`;
}

/** Name of the script's file. */
export function fileName({study}: Cohort, {id}: PublishedModel): string {
  return `${study.id}-${id}-model.R`;
}

function trainingCsv(cohort: Cohort, model: PublishedModel, names: readonly string[], leftTruncated: boolean): string {
  const rows = trainingRows(cohort, model);
  const {time, event, entry} = cohort.followUp(model.endpoint);
  const lines = Array.from(rows.keys())
    .filter((i) => rows[i] === 1)
    .map((i) => [
      ...(leftTruncated ? [entry![i]] : []),
      time[i],
      event[i],
      ...names.map((name) => cohortValue(cohort, name, i))
    ]);
  // The text stands between single quotes.
  return csvText([...(leftTruncated ? ["entry"] : []), "time", "event", ...names], lines)
    .replaceAll("\r\n", "\n")
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'");
}

const quoted = (text: string) => JSON.stringify(text);
