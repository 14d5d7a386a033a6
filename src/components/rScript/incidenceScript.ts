import type {Cohort} from "../../cohort/readCohort.js";
import {rowMask} from "../../cohort/rowMask.js";
import type {CompetingAnswer} from "../competingAnswer.js";
import {counted, exactP, formatInterval, formatPercent} from "../formatting.js";
import type {HazardRatio, SurvivalAnswer} from "../survivalAnswer.js";
import {labelsOf, page, quotedVector, rHead, rowsOf, rYears} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";
import {levelsOf} from "./survivalScript.js";

/** Cumulative incidences, Gray's test and cause-specific hazard ratios of a selection, again in R. */
export function incidenceScript(
  cohort: Cohort,
  answer: SurvivalAnswer,
  {groups, gray, competingGray, competingHazardRatios}: CompetingAnswer,
  data: ScriptData
): string {
  const {endpoint, selection, grouping, years, hazardRatios} = answer;
  const {time, status, entry} = cohort.followUp(endpoint.id);
  // R wants to know whose rows those with an entry are.
  const late = entry !== null;
  const from = late ? "entry, " : "";
  const id = late ? ", id = patient" : "";
  const group = labelsOf(grouping.groups, grouping.code);
  const frame = {...(entry ? {patient: Float64Array.from(time.keys()), entry} : {}), time, status, group} as Record<string, RColumn>; // prettier-ignore
  const levels = levelsOf(answer);
  const said = groups.map(({label, n, events, competingEvents, at}) => {
    const later = years.map((year, y) => {
      const found = at[y];
      return found
        ? `, ${formatInterval(found.value, found.lower, found.upper, formatPercent)} by ${counted(year, "year")}`
        : "";
    });
    return page(`${label}: ${n} patients, ${events} events, ${competingEvents} competing events${later.join("")}`);
  });
  const compared = levels.length > 1;
  return `${rHead(cohort.study, endpoint)}
# status: 0 censored, 1 the event, 2 the competing event
${data.frame("d", frame, rowsOf(rowMask(cohort, selection)))}
d$group <- factor(d$group, levels = ${quotedVector(levels)})
d <- d[!is.na(d$group) & !is.na(d$time), ]
d$kind <- factor(d$status, levels = 0:2, labels = c("censored", "event", "competing"))

# Aalen-Johansen estimate, limits on the log scale.
fit <- survfit(Surv(${from}time, kind) ~ group, data = d${id}, conf.type = "log")
${said.join("\n")}
print(fit)
${
  years.length > 0
    ? `at <- ${rYears(years, endpoint)}
for (g in levels(d$group)) {
  s <- summary(survfit(Surv(${from}time, kind) ~ 1, data = d[d$group == g, ]${id}, conf.type = "log"), times = at, extend = TRUE)
  for (j in seq_along(at)) cat("incidence |", g, "|", at[j], ":", s$pstate[j, 2], s$lower[j, 2], s$upper[j, 2], "\\n")
}`
    : ""
}
plot(fit, col = rep(seq_along(levels(d$group)), 2), lty = rep(1:2, each = nlevels(d$group)))
legend("topleft", c(levels(d$group), "dashed: the competing event"), col = c(seq_along(levels(d$group)), 1), lty = 1)
${
  compared
    ? `
${
  late
    ? "# Gray's test is not defined with late entry."
    : `# Gray's test, where cmprsk is installed.
${gray ? page(`of the event ${gray.chiSquare.toPrecision(5)} on ${gray.df} df, ${exactP(gray.p)}`) : page("no test")}
${competingGray ? page(`of the competing event ${competingGray.chiSquare.toPrecision(5)} on ${competingGray.df} df, ${exactP(competingGray.p)}`) : ""}
if (requireNamespace("cmprsk", quietly = TRUE)) {
  gray <- cmprsk::cuminc(d$time, d$status, d$group)$Tests
  cat("Gray's test of the event:", gray["1", "stat"], "\\n")
  if ("2" %in% rownames(gray)) cat("Gray's test of the competing event:", gray["2", "stat"], "\\n")
}`
}

# Cause-specific hazards.
cause <- function(k) coxph(Surv(${from}time, status == k) ~ group, data = d, ties = "efron", control = exact)
${ratios(hazardRatios, "the event")}
cat("Hazard ratios of the event:", exp(coef(cause(1))), "\\n")
print(summary(cause(1))$conf.int)
${
  competingHazardRatios.length > 0
    ? `${ratios(competingHazardRatios, "the competing event")}
cat("Hazard ratios of the competing event:", exp(coef(cause(2))), "\\n")
print(summary(cause(2))$conf.int)`
    : ""
}`
    : ""
}
`;
}

const ratios = (all: readonly HazardRatio[], of: string) =>
  all
    .map(({group, versus, hazardRatio, lower, upper, estimable}) =>
      page(
        `${of}, ${group} to ${versus}: ${estimable ? `HR ${formatInterval(hazardRatio, lower, upper)}` : "no finite estimate"}`
      )
    )
    .join("\n");
