import type {Cohort} from "../../cohort/readCohort.js";
import {riskGroups, treatmentGroups} from "../treatment/treatmentGroups.js";
import type {Effect} from "../subgroups/effectWithin.js";
import type {WeightedTreatment} from "../treatment/weightedTreatment.js";
import type {Variable} from "../../cohort/description.js";
import {formatInterval, formatNumber} from "../formatting.js";
import {labelsOf, page, quoted, quotedVector, rHead, rName, rOutcome, rowsOf, rVariable} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";

/** Propensity, stabilised weights, balance and the weighted hazard ratios of everyone and within each risk group, again in R. */
export function weightsScript(
  cohort: Cohort,
  answer: WeightedTreatment,
  rows: Uint8Array,
  {treatment, risk}: {readonly treatment: Variable; readonly risk: Variable},
  data: ScriptData
): string {
  const {endpoint, selection, covariates, crude, weighted, weights, balance, crudeByRisk, byRisk, ratio} = answer;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const {groups, code} = treatmentGroups(cohort, treatment);
  const riskOf = riskGroups(cohort, risk);
  const risks = riskOf.groups.map(({label}) => label);
  const values = Object.fromEntries(covariates.map(({id}): [string, RColumn] => [rName(id), rVariable(cohort, id)]));
  const factors = covariates.flatMap(({id}) => {
    const column = cohort.variable(id);
    return column.type === "categorical" ? [`d$${rName(id)} <- factor(d$${rName(id)})`] : [];
  });
  const names = covariates.map(({id}) => rName(id));
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, treated: labelsOf(groups, code), risk: labelsOf(riskOf.groups, riskOf.code), ...values}, rowsOf(rows))}
d$risk <- factor(d$risk, levels = ${quotedVector(risks)})
d$treated <- as.numeric(factor(d$treated, levels = ${quotedVector(groups.map(({label}) => label))})) - 1
d <- d[complete.cases(d[names(d) != "risk"]), ]
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
for (name in ${quotedVector(names)}) {
  x <- d[[name]]
  columns <- if (is.factor(x)) sapply(levels(x), function(level) as.numeric(x == level)) else cbind(x)
  for (j in seq_len(ncol(columns))) cat("balance", name, if (is.factor(x)) levels(x)[j], ":",
    balance(columns[, j], rep(1, nrow(d))), balance(columns[, j], d$weight), "\\n")
}

# Hazard ratios of treatment, crude and then weighted with robust limits.
ratios <- function(part) {
  if (length(unique(part$treated)) < 2 || sum(part$event) == 0) return(rep(NA, 6))
  crude <- coxph(${outcome} ~ treated, data = part, ties = "efron", control = exact)
  fit <- coxph(${outcome} ~ treated, data = part, weights = weight, robust = TRUE, ties = "efron", control = exact)
  c(summary(crude)$conf.int[c(1, 3, 4)], summary(fit)$conf.int[c(1, 3, 4)])
}
cat("all :", ratios(d), "\\n") ${page(`${said(crude)}; weighted ${said(weighted)}`)}
${risks.map((label, r) => page(`${label}: ${said(crudeByRisk[r])}; weighted ${said(byRisk[r])}`)).join("\n")}
for (level in levels(d$risk)) cat(level, ":", ratios(d[d$risk %in% level, ]), "\\n")
${
  ratio
    ? `both <- coxph(${outcome} ~ treated * risk, data = d, weights = weight, robust = TRUE, ties = "efron", control = exact)
cat("Ratio of the two:", summary(both)$conf.int[3, c(1, 3, 4)], "\\n") ${page(formatInterval(ratio.ratio, ratio.lower, ratio.upper))}`
    : ""
}
print(survfit(${outcome} ~ treated, data = d, weights = weight, robust = TRUE, conf.type = ${quoted(selection.interval)}))
`;
}

const said = ({reason, hazardRatio, lower, upper}: Effect) =>
  reason ?? `HR ${formatInterval(hazardRatio, lower, upper)}`;
