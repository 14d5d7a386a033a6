import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {factorLevels} from "../subgroups/subgroupAnswer.js";
import type {SubgroupAnswer} from "../subgroups/subgroupAnswer.js";
import {labelsOf, quoted, quotedVector, rFrame, rHead, rOutcome, rowsOf} from "./rData.js";

/** Hazard ratio in each level of each factor and the tests of interaction, again in R. Null where nothing is compared. */
export function forestScript(cohort: Cohort, answer: SubgroupAnswer, rows: Uint8Array): string | null {
  const {compared, selection, endpoint, factors} = answer;
  if (!compared) return null;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const coded = factors.map(({variable}) => ({variable, ...factorLevels(cohort, selection, rows, variable)}));
  const labels = Object.fromEntries(
    coded.map(({variable, coded: {code}, labels: names}) => [
      variable.id,
      labelsOf(
        names.map((label) => ({label})),
        code
      )
    ])
  );
  const head = rHead(cohort.study, endpoint, "Subgroups", selectionWords(cohort.study, selection));
  const levels = compared.groups.map(({label}) => label);
  return `${head}
${rFrame("d", {...columns, group: labelsOf(compared.groups, compared.code), ...labels}, rowsOf(rows))}
d$group <- factor(d$group, levels = ${quotedVector(levels)})
factors <- list(
${coded.map(({variable, labels: names}) => `  ${quoted(variable.id)} = ${quotedVector(names)}`).join(",\n")}
)

ratio <- function(part) {
  fit <- coxph(${outcome} ~ group, data = part, ties = "efron", control = exact)
  c(n = fit$n, events = fit$nevent, summary(fit)$conf.int[c(1, 3, 4)], p = summary(fit)$coefficients[5])
}
cat("all:", ratio(d[!is.na(d$group), ]), "\\n")
for (name in names(factors)) {
  d$level <- factor(d[[name]], levels = factors[[name]])
  used <- d[!is.na(d$level) & !is.na(d$group), ]
  for (level in levels(used$level)) {
    part <- used[used$level == level, ]
    if (length(unique(part$group)) == 2 && sum(part$event) > 0) cat(name, "|", level, ":", ratio(part), "\\n")
  }
  used$level <- droplevels(used$level)
  if (nlevels(used$level) < 2) next
  both <- coxph(${outcome} ~ group + level, data = used, ties = "efron", control = exact)
  crossed <- coxph(${outcome} ~ group * level, data = used, ties = "efron", control = exact)
  cat("interaction", name, ":", as.numeric(2 * (crossed$loglik[2] - both$loglik[2])), "\\n")
}
`;
}
