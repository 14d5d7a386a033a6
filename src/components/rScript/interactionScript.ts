import type {Cohort} from "../../cohort/readCohort.js";
import type {Variable} from "../../cohort/description.js";
import {exactP, formatInterval} from "../formatting.js";
import {effectText} from "../subgroups/forestPicture.js";
import type {TreatmentAnswer, TreatmentInteraction} from "../treatment/treatmentAnswer.js";
import {riskGroups, treatmentGroups} from "../treatment/treatmentGroups.js";
import {labelsOf, page, quoted, quotedVector, rHead, rName, rOutcome, rowsOf} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";

/** Each treatment's hazard ratio in low and in high risk, their ratio and the test of interaction, again in R. */
export function interactionScript(
  cohort: Cohort,
  {endpoint, selection, interactions, risk: labels}: TreatmentAnswer,
  risk: Variable,
  rows: Uint8Array,
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const byRisk = riskGroups(cohort, risk);
  const treated = interactions.map(({variable}) => ({variable, ...treatmentGroups(cohort, variable)}));
  const codes = treated.map(({variable, groups, code}): [string, RColumn] => [
    rName(variable.id),
    labelsOf(groups, code)
  ]);
  const frame = {...columns, risk: labelsOf(byRisk.groups, byRisk.code), ...Object.fromEntries(codes)};
  const named = treated.map(
    ({variable, groups}) => `  ${quoted(rName(variable.id))} = ${quotedVector(groups.map(({label}) => label))}`
  );
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", frame, rowsOf(rows))}
d <- d[!is.na(d$time), ]
d$risk <- factor(d$risk, levels = ${quotedVector(labels.map(({label}) => label))})
# Untreated first.
treatments <- list(
${named.join(",\n")}
)

ratio <- function(part, formula) {
  if (sum(part$event) == 0) return(NA)
  fit <- coxph(formula, data = part, ties = "efron", control = exact)
  c(summary(fit)$conf.int[1, c(1, 3, 4)])
}
p <- c()
${interactions.flatMap((one) => saidOf(one, labels)).join("\n")}
for (name in names(treatments)) {
  d$treated <- factor(d[[name]], levels = treatments[[name]])
  used <- d[!is.na(d$treated), ]
  cat(name, "| all :", ratio(used, ${outcome} ~ treated), "\\n")
  used <- used[!is.na(used$risk), ]
  for (level in levels(used$risk)) {
    part <- used[used$risk == level, ]
    if (length(unique(part$treated)) == 2) cat(name, "|", level, ":", ratio(part, ${outcome} ~ treated), "\\n")
  }
  for (level in levels(used$treated)) {
    part <- used[used$treated == level, ]
    if (length(unique(part$risk)) == 2) cat(name, "| risk within", level, ":", ratio(part, ${outcome} ~ risk), "\\n")
  }
  if (any(table(used$treated, used$risk) == 0) || sum(used$event) == 0) next
  both <- coxph(${outcome} ~ treated + risk, data = used, ties = "efron", control = exact)
  crossed <- coxph(${outcome} ~ treated * risk, data = used, ties = "efron", control = exact)
  statistic <- as.numeric(2 * (crossed$loglik[2] - both$loglik[2]))
  cat("interaction", name, ":", statistic, "\\n")
  cat("ratio of the two", name, ":", summary(crossed)$conf.int[3, c(1, 3, 4)], "\\n")
  p[name] <- pchisq(statistic, 1, lower.tail = FALSE)
}
for (name in names(p)) cat("Holm", name, ":", p.adjust(p, "holm")[name], "\\n")
`;
}

function saidOf(
  {variable, overall, byRisk, ratio, interaction, adjustedP}: TreatmentInteraction,
  risk: TreatmentAnswer["risk"]
) {
  const of = (text: string) => page(`${variable.label}, ${text}`);
  return [
    of(`all: ${effectText(overall)}`),
    ...byRisk.map((effect, r) => of(`${risk[r].label}: ${effectText(effect)}`)),
    of(
      interaction
        ? `interaction ${interaction.statistic.toFixed(4)} on ${interaction.df} df, ${exactP(interaction.p)}, by Holm ${exactP(adjustedP)}`
        : "no test of interaction"
    ),
    ...(ratio ? [of(`ratio of the two ${formatInterval(ratio.ratio, ratio.lower, ratio.upper)}`)] : [])
  ];
}
