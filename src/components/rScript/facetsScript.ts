import type {Cohort} from "../../cohort/readCohort.js";
import {formatInterval, formatP} from "../formatting.js";
import type {Coded, TwoGroups} from "../subgroups/effectWithin.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import {labelsOf, page, quoted, quotedVector, rHead, rOutcome, rowsOf} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** Curves of two groups in each level of a factor, the pooled log-rank test and the interaction, again in R. */
export function facetsScript(
  cohort: Cohort,
  {endpoint, selection, facets, pooled, interaction}: FacetedCurves,
  rows: Uint8Array,
  {two, levels}: {readonly two: TwoGroups; readonly levels: Coded},
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const frame = {...columns, group: labelsOf(two.groups, two.code), panel: labelsOf(levels.groups, levels.code)};
  const names = (groups: readonly {readonly label: string}[]) => quotedVector(groups.map(({label}) => label));
  const said = facets.map(({label, effect}) =>
    page(`${label}: ${effect.reason ?? `HR ${formatInterval(effect.hazardRatio, effect.lower, effect.upper)}`}`)
  );
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", frame, rowsOf(rows))}
d$group <- factor(d$group, levels = ${names(two.groups)})
d$panel <- factor(d$panel, levels = ${names(levels.groups)})
d <- d[!is.na(d$group) & !is.na(d$panel) & !is.na(d$time), ]
d$panel <- droplevels(d$panel)

${said.join("\n")}
for (panel in levels(d$panel)) {
  part <- d[d$panel == panel, ]
  cat("\\n", panel, "\\n")
  print(survfit(${outcome} ~ group, data = part, conf.type = ${quoted(selection.interval)}))
  if (length(unique(part$group)) == 2 && sum(part$event) > 0)
    print(summary(coxph(${outcome} ~ group, data = part, ties = "efron", control = exact))$conf.int)
}
${
  "entry" in columns
    ? ""
    : `several <- nlevels(d$panel) > 1
test <- if (several) survdiff(${outcome} ~ group + strata(panel), data = d) else survdiff(${outcome} ~ group, data = d)
cat("Stratified log-rank chi-squared:", test$chisq, "\\n") ${page(pooled ? `${pooled.chiSquare.toFixed(2)}, ${formatP(pooled.p)}` : "no test")}
`
}if (nlevels(d$panel) > 1) {
  both <- coxph(${outcome} ~ group + panel, data = d, ties = "efron", control = exact)
  crossed <- coxph(${outcome} ~ group * panel, data = d, ties = "efron", control = exact)
  cat("Interaction:", as.numeric(2 * (crossed$loglik[2] - both$loglik[2])), "\\n") ${page(interaction ? `${interaction.statistic.toFixed(2)} on ${interaction.df} df, ${formatP(interaction.p)}` : "no test")}
}
`;
}
