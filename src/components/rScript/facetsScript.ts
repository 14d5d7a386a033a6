import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import type {Coded, TwoGroups} from "../subgroups/effectWithin.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import {labelsOf, quoted, quotedVector, rFrame, rHead, rOutcome, rowsOf} from "./rData.js";

/** Curves of two groups in each level of a factor, the pooled log-rank test and the interaction, again in R. */
export function facetsScript(
  cohort: Cohort,
  {endpoint, selection}: FacetedCurves,
  rows: Uint8Array,
  two: TwoGroups,
  levels: Coded
): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const frame = {...columns, group: labelsOf(two.groups, two.code), panel: labelsOf(levels.groups, levels.code)};
  const names = (groups: readonly {readonly label: string}[]) => quotedVector(groups.map(({label}) => label));
  return `${rHead(cohort.study, endpoint, "Curves in subgroups", selectionWords(cohort.study, selection))}
${rFrame("d", frame, rowsOf(rows))}
d$group <- factor(d$group, levels = ${names(two.groups)})
d$panel <- factor(d$panel, levels = ${names(levels.groups)})
d <- d[!is.na(d$group) & !is.na(d$panel), ]
d$panel <- droplevels(d$panel)

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
cat("Stratified log-rank chi-squared:", test$chisq, "\\n")
`
}if (nlevels(d$panel) > 1) {
  both <- coxph(${outcome} ~ group + panel, data = d, ties = "efron", control = exact)
  crossed <- coxph(${outcome} ~ group * panel, data = d, ties = "efron", control = exact)
  cat("Interaction:", as.numeric(2 * (crossed$loglik[2] - both$loglik[2])), "\\n")
}
`;
}
