import type {Cohort} from "../../cohort/readCohort.js";
import {formatInterval, formatP} from "../formatting.js";
import type {Coded} from "../subgroups/effectWithin.js";
import type {FacetedCurves} from "../subgroups/facetedCurves.js";
import type {HazardRatio} from "../survivalAnswer.js";
import {bandFunction} from "./bandLines.js";
import {lateLogRank, logRankOf} from "./logRankLines.js";
import {labelsOf, page, quoted, quotedVector, rHead, rOutcome, rowsOf} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** Groups, the reference first, and the levels of a factor; ratios where the page shows those of a stratified Cox model. */
export interface FacetsAsked {
  readonly compared: Coded;
  readonly levels: Coded;
  readonly ratios?: readonly HazardRatio[];
}

/** Curves of groups in each level of a factor, the tests in each and pooled, of two groups the interaction, again in R. */
export function facetsScript(
  cohort: Cohort,
  curves: FacetedCurves,
  rows: Uint8Array,
  {compared, levels, ratios = []}: FacetsAsked,
  data: ScriptData
): string {
  const {endpoint, selection, facets} = curves;
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const frame = {
    ...columns,
    group: labelsOf(compared.groups, compared.code),
    panel: labelsOf(levels.groups, levels.code)
  };
  const names = (groups: readonly {readonly label: string}[]) => quotedVector(groups.map(({label}) => label));
  const said = facets.map(({label, note}) => page(`${label}: ${note}`));
  const late = "entry" in columns;
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", frame, rowsOf(rows))}
d$group <- factor(d$group, levels = ${names(compared.groups)})
d$panel <- factor(d$panel, levels = ${names(levels.groups)})
d <- d[!is.na(d$group) & !is.na(d$panel) & !is.na(d$time), ]
d$panel <- droplevels(d$panel)

${bandFunction(selection)}
${late ? lateLogRank : ""}
${said.join("\n")}
for (panel in levels(d$panel)) {
  part <- d[d$panel == panel, ]
  cat("\\n", panel, "\\n")
  print(survfit(${outcome} ~ group, data = part, conf.type = ${quoted(selection.interval)}))
${
  selection.band === "pointwise"
    ? ""
    : `  for (g in intersect(levels(d$group), part$group)) {
    cat("\\nBand of", panel, "|", g, "\\n")
    print(band(survfit(${outcome} ~ 1, data = part[part$group == g, ])), row.names = FALSE)
  }
`
}  if (length(unique(part$group)) > 1 && sum(part$event) > 0) {
    cat("Log-rank chi-squared in", panel, ":", ${logRankOf(late, outcome, "part")}, "\\n")
    print(summary(coxph(${outcome} ~ group, data = part, ties = "efron", control = exact))$conf.int)
  }
}
${compared.groups.length > 1 ? pooledLines(outcome, late, curves, ratios) : ""}`;
}

function pooledLines(
  outcome: string,
  late: boolean,
  {pooled, interaction}: FacetedCurves,
  ratios: readonly HazardRatio[]
): string {
  const overall = `if (nlevels(d$panel) > 1) survdiff(${outcome} ~ group + strata(panel), data = d)$chisq else ${logRankOf(late, outcome, "d")}`;
  const test = `pooled <- ${late ? "logRank(d, d$panel)" : overall}
cat("Stratified log-rank chi-squared:", pooled, "\\n") ${page(pooled ? `${pooled.chiSquare.toFixed(2)}, ${formatP(pooled.p)}` : "no test")}
`;
  const stratified = `
${ratios.map((r) => page(`${r.group} against ${r.versus}: HR ${formatInterval(r.hazardRatio, r.lower, r.upper)}`)).join("\n")}
stratified <- coxph(${outcome} ~ group + strata(panel), data = d, ties = "efron", control = exact)
cat("Stratified hazard ratios:", exp(coef(stratified)), "\\n")
print(summary(stratified)$conf.int)
`;
  const crossed = `if (nlevels(d$panel) > 1) {
  both <- coxph(${outcome} ~ group + panel, data = d, ties = "efron", control = exact)
  crossed <- coxph(${outcome} ~ group * panel, data = d, ties = "efron", control = exact)
  cat("Interaction:", as.numeric(2 * (crossed$loglik[2] - both$loglik[2])), "\\n") ${page(interaction ? `${interaction.statistic.toFixed(2)} on ${interaction.df} df, ${formatP(interaction.p)}` : "no test")}
}
`;
  return `${test}${ratios.length > 0 ? stratified : ""}${interaction ? crossed : ""}`;
}
