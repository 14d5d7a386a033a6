import type {Cohort} from "../../cohort/readCohort.js";
import {factorLevels} from "../subgroups/subgroupAnswer.js";
import type {SubgroupAnswer} from "../subgroups/subgroupAnswer.js";
import {exactP} from "../formatting.js";
import type {Effect, TwoGroups} from "../subgroups/effectWithin.js";
import {effectText} from "../subgroups/forestPicture.js";
import {labelsOf, page, quoted, quotedVector, rHead, rName, rOutcome, rowsOf} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/**
 * Hazard ratio in each level of each factor and the tests of interaction, again in R.
 *
 * @param compared - the answer's two groups
 */
export function forestScript(
  cohort: Cohort,
  answer: SubgroupAnswer,
  compared: TwoGroups,
  rows: Uint8Array,
  data: ScriptData
): string {
  const {selection, endpoint, factors, overall} = answer;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const coded = factors.map(({variable}) => ({variable, ...factorLevels(cohort, selection, rows, variable)}));
  const labels = Object.fromEntries(
    coded.map(({variable, coded: {code}, labels: names}) => [
      rName(variable.id),
      labelsOf(
        names.map((label) => ({label})),
        code
      )
    ])
  );
  const effect = (name: string, one: Effect) =>
    page(`${name}: ${effectText(one)}, p ${one.reason ? "–" : exactP(one.p)}`);
  const said = factors.flatMap(({variable, levels: lines, interaction}) => [
    ...lines.map((line) => effect(`${variable.label}, ${line.label}`, line.effect)),
    page(
      `${variable.label}, interaction: ${interaction ? `${interaction.statistic.toFixed(4)} on ${interaction.df} df, ${exactP(interaction.p)}` : "no test"}`
    )
  ]);
  const levels = compared.groups.map(({label}) => label);
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, group: labelsOf(compared.groups, compared.code), ...labels}, rowsOf(rows))}
d <- d[!is.na(d$time), ]
d$group <- factor(d$group, levels = ${quotedVector(levels)})
factors <- list(
${coded.map(({variable, labels: names}) => `  ${quoted(rName(variable.id))} = ${quotedVector(names)}`).join(",\n")}
)

ratio <- function(part) {
  fit <- coxph(${outcome} ~ group, data = part, ties = "efron", control = exact)
  c(n = fit$n, events = fit$nevent, summary(fit)$conf.int[c(1, 3, 4)], p = summary(fit)$coefficients[5])
}
cat("all:", ratio(d[!is.na(d$group), ]), "\\n") ${overall ? effect("all", overall) : ""}
${said.join("\n")}
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
