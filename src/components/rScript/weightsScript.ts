import type {Cohort} from "../../cohort/readCohort.js";
import {treatmentGroups} from "../treatment/treatmentGroups.js";
import type {Effect} from "../subgroups/effectWithin.js";
import type {WeightedTreatment} from "../treatment/weightedTreatment.js";
import type {Variable} from "../../cohort/description.js";
import {formatInterval, formatNumber} from "../formatting.js";
import {labelsOf, page, quoted, quotedVector, rHead, rOutcome, rowsOf, rVariable} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";

/** Propensity, stabilised weights, balance and the weighted hazard ratio, again in R. */
export function weightsScript(
  cohort: Cohort,
  answer: WeightedTreatment,
  rows: Uint8Array,
  treatment: Variable,
  data: ScriptData
): string {
  const {endpoint, selection, covariates, crude, weighted, weights, balance} = answer;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const {groups, code} = treatmentGroups(cohort, treatment);
  const values = Object.fromEntries(covariates.map(({id}): [string, RColumn] => [id, rVariable(cohort, id)]));
  const factors = covariates.flatMap(({id}) => {
    const column = cohort.variable(id);
    return column.type === "categorical" ? [`d[[${quoted(id)}]] <- factor(d[[${quoted(id)}]])`] : [];
  });
  const names = covariates.map(({id}) => `\`${id}\``);
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, treated: labelsOf(groups, code), ...values}, rowsOf(rows))}
d$treated <- as.numeric(factor(d$treated, levels = ${quotedVector(groups.map(({label}) => label))})) - 1
d <- d[complete.cases(d), ]
${factors.join("\n")}

model <- glm(treated ~ ${names.join(" + ")}, data = d, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
p <- fitted(model)
share <- mean(d$treated)
d$weight <- ifelse(d$treated == 1, share / p, (1 - share) / (1 - p))
effective <- function(w) sum(w)^2 / sum(w^2)
cat("Effective sample size:", effective(d$weight[d$treated == 1]), effective(d$weight[d$treated == 0]), "\\n") ${page(`${weights.effectiveSampleSize[1].toFixed(0)} treated, ${weights.effectiveSampleSize[0].toFixed(0)} untreated`)}

# Standardised mean differences before and after; both over the SD before weighting.
${balance.map(({label, before, after}) => page(`${label} ${formatNumber(before, 2)} before, ${formatNumber(after, 2)} after`)).join("\n")}
spread <- function(x) if (all(x %in% 0:1)) mean(x) * (1 - mean(x)) else var(x)
balance <- function(x, w) {
  t <- d$treated == 1
  (weighted.mean(x[t], w[t]) - weighted.mean(x[!t], w[!t])) / sqrt((spread(x[t]) + spread(x[!t])) / 2)
}
for (name in ${quotedVector(covariates.map(({id}) => id))}) {
  x <- d[[name]]
  columns <- if (is.factor(x)) sapply(levels(x), function(level) as.numeric(x == level)) else cbind(x)
  for (j in seq_len(ncol(columns))) cat("balance", name, if (is.factor(x)) levels(x)[j], ":",
    balance(columns[, j], rep(1, nrow(d))), balance(columns[, j], d$weight), "\\n")
}

crude <- coxph(${outcome} ~ treated, data = d, ties = "efron", control = exact)
cat("Crude hazard ratio:", exp(coef(crude)), "\\n") ${page(said(crude))}
fit <- coxph(${outcome} ~ treated, data = d, weights = weight, robust = TRUE, ties = "efron", control = exact)
cat("Weighted hazard ratio:", exp(coef(fit)), "\\n") ${page(said(weighted))}
print(summary(fit)$conf.int)
print(survfit(${outcome} ~ treated, data = d, weights = weight, robust = TRUE, conf.type = ${quoted(selection.interval)}))
`;
}

const said = ({reason, hazardRatio, lower, upper}: Effect) =>
  reason ?? `HR ${formatInterval(hazardRatio, lower, upper)}`;
