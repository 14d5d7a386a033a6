import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {treatmentGroups} from "../treatment/treatmentGroups.js";
import type {WeightedTreatment} from "../treatment/weightedTreatment.js";
import type {Variable} from "../../cohort/description.js";
import {labelsOf, quoted, quotedVector, rFrame, rHead, rOutcome, rowsOf} from "./rData.js";
import type {RColumn} from "./rData.js";

/** Propensity, stabilised weights, balance and the weighted hazard ratio, again in R. */
export function weightsScript(
  cohort: Cohort,
  answer: WeightedTreatment,
  rows: Uint8Array,
  treatment: Variable
): string {
  const {endpoint, selection, covariates, weighted} = answer;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const {groups, code} = treatmentGroups(cohort, treatment);
  const values = Object.fromEntries(covariates.map(({id}): [string, RColumn] => [id, columnOf(cohort, id)]));
  const factors = covariates.flatMap(({id}) => {
    const column = cohort.variable(id);
    return column.type === "categorical" ? [`d[[${quoted(id)}]] <- factor(d[[${quoted(id)}]])`] : [];
  });
  const names = covariates.map(({id}) => `\`${id}\``);
  return `${rHead(cohort.study, endpoint, `${treatment.label}, weighted`, selectionWords(cohort.study, selection))}
${rFrame("d", {...columns, treated: labelsOf(groups, code), ...values}, rowsOf(rows))}
d$treated <- as.numeric(factor(d$treated, levels = ${quotedVector(groups.map(({label}) => label))})) - 1
d <- d[complete.cases(d), ]
${factors.join("\n")}

model <- glm(treated ~ ${names.join(" + ")}, data = d, family = binomial, control = glm.control(epsilon = 1e-14, maxit = 100))
p <- fitted(model)
share <- mean(d$treated)
d$weight <- ifelse(d$treated == 1, share / p, (1 - share) / (1 - p))
effective <- function(w) sum(w)^2 / sum(w^2)
cat("Effective sample size:", effective(d$weight[d$treated == 1]), effective(d$weight[d$treated == 0]), "\\n")
fit <- coxph(${outcome} ~ treated, data = d, weights = weight, robust = TRUE, ties = "efron", control = exact)
cat("Weighted hazard ratio:", exp(coef(fit)), "\\n") # the page: ${weighted.reason ?? weighted.hazardRatio}
print(summary(fit)$conf.int)
print(survfit(${outcome} ~ treated, data = d, weights = weight, robust = TRUE, conf.type = ${quoted(selection.interval)}))
`;
}

function columnOf(cohort: Cohort, id: string): RColumn {
  const column = cohort.variable(id);
  return column.type === "numeric"
    ? column.values
    : Array.from(column.codes, (c) => (c < 0 ? null : column.levels[c].value));
}
