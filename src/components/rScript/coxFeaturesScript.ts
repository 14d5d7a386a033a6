import type {StudyDescription} from "../../cohort/description.js";
import {endpointOf} from "../../cohort/selection.js";
import type {CoxPerFeature} from "../../survival/coxPerFeature.js";
import {bareP, formatInterval} from "../formatting.js";
import type {CoxTask} from "../pathways/coxTask.js";
import {page, rHead} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** Models whose numbers are written into the script. */
const SAID = 10;

/** One Cox model a feature, alone or beside the same covariates, and its false-discovery rate, again in R. */
export function coxFeaturesScript(
  study: StudyDescription,
  endpoint: string,
  {time, event, entry, features, beside}: CoxTask,
  {names, patients}: {readonly names: readonly string[]; readonly patients: readonly string[]},
  {hazardRatio, lower, upper, p, q}: CoxPerFeature,
  data: ScriptData
): string {
  const n = patients.length;
  const rows = names.map((name, f) => `${name}\t${features.subarray(f * n, (f + 1) * n).join("\t")}\n`);
  const table = [`name\t${patients.join("\t")}\n`, ...rows].join("").replaceAll("NaN", "NA");
  const columns = {patient: patients, ...(entry ? {entry} : {}), time, event, ...beside};
  const outcome = entry ? "Surv(entry, time, event)" : "Surv(time, event)";
  const covariates = Object.keys(beside).map((name) => ` + \`${name}\``);
  const strongest = Array.from(names.keys())
    .filter((f) => !Number.isNaN(p[f]))
    .sort((a, b) => p[a] - p[b])
    .slice(0, SAID)
    .map((f) =>
      page(`${names[f]}: HR ${formatInterval(hazardRatio[f], lower[f], upper[f])}, p ${bareP(p[f])}, q ${bareP(q[f])}`)
    );
  return `${rHead(study, endpointOf(study, {endpoint}))}
# A patient who is not selected has no time here and is left out.
${data.frame("d", columns, Array.from(patients.keys()))}
x <- as.matrix(read.delim(${data.file("features.tsv", table)}, row.names = 1, check.names = FALSE))

# Hazard ratio for one standard deviation of each feature among the patients in its model.
one <- function(values) {
  d$value <- values
  d <- d[complete.cases(d), ]
  if (sum(d$event) == 0 || !(sd(d$value) > 0)) return(rep(NA, 4))
  d$value <- d$value / sd(d$value)
  # A feature that parts those with an event from all others has no finite estimate: R warns of it.
  fit <- tryCatch(coxph(${outcome} ~ value${covariates.join("")}, data = d, ties = "efron", control = exact),
                  warning = function(w) NULL, error = function(e) NULL)
  if (is.null(fit)) return(rep(NA, 4))
  c(summary(fit)$conf.int[1, c(1, 3, 4)], summary(fit)$coefficients[1, 5])
}
found <- data.frame(t(apply(x, 1, one)))
names(found) <- c("hazard.ratio", "lower", "upper", "p")
found$q <- p.adjust(found$p, "BH")
${strongest.join("\n")}
print(head(found[order(found$p), ], 20))
write.csv(found, "${study.id}-cox.csv")
`;
}
