import type {Cohort} from "../../cohort/readCohort.js";
import type {AdjustedAnswer} from "../adjusted/adjustedAnswer.js";
import {formatInterval} from "../formatting.js";
import type {SurvivalAnswer} from "../survivalAnswer.js";
import {labelsOf, page, quotedVector, rHead, rOutcome, rowsOf} from "./rData.js";
import type {RColumn, ScriptData} from "./scriptData.js";

/** The Cox model of groups and covariates, what the groups add, and the tests of proportional hazards, again in R. */
export function adjustedScript(
  cohort: Cohort,
  {grouping}: SurvivalAnswer,
  {endpoint, selection, rows, terms, covariates, constant, crude, proportional}: AdjustedAnswer,
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, selection.endpoint);
  const used = covariates.filter((variable) => !constant.includes(variable));
  const names = used.map((_, k) => `x${k + 1}`);
  const values: Record<string, RColumn> = {...columns, group: labelsOf(grouping.groups, grouping.code)};
  used.forEach(({id}, k) => {
    const column = cohort.variable(id);
    values[names[k]] =
      column.type === "numeric"
        ? column.values
        : Array.from(column.codes, (c) => (c < 0 ? null : column.levels[c].label));
  });
  const factor = (name: string, labels: readonly string[]) =>
    `d$${name} <- factor(d$${name}, levels = ${quotedVector(labels)})`;
  const prepared = used.map(({label}, k) => {
    const term = terms[k + 1];
    const made =
      term.per === null
        ? factor(
            names[k],
            term.lines.map((line) => line.label)
          )
        : `range <- diff(quantile(d$${names[k]}, c(0.25, 0.75)))\nd$${names[k]} <- d$${names[k]} / if (range > 0) range else 1`;
    return `# ${names[k]}: ${label.replaceAll(/\s+/g, " ")}${term.per === null ? "" : ", in interquartile ranges"}\n${made}`;
  });
  const said = terms
    .flatMap(({title, lines}) => lines.map((line) => ({title, line})))
    .flatMap(({title, line}) =>
      line.reference || line.reason
        ? []
        : [
            page(
              `${title}${line.label === title ? "" : `, ${line.label}`}: HR ${formatInterval(line.hazardRatio, line.lower, line.upper)}`
            )
          ]
    );
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", values, rowsOf(rows))}
${factor(
  "group",
  crude.map(({label}) => label)
)}
${prepared.join("\n")}

cox <- coxph(${outcome} ~ ${["group", ...names].join(" + ")}, data = d, ties = "efron", control = exact)
${said.join("\n")}
found <- summary(cox)
for (k in rownames(found$conf.int)) cat("HR |", k, ":", found$conf.int[k, c(1, 3, 4)], found$coefficients[k, 5], "\\n")
alone <- summary(coxph(${outcome} ~ group, data = d, ties = "efron", control = exact))$conf.int
for (k in rownames(alone)) cat("alone |", k, ":", alone[k, c(1, 3, 4)], "\\n")
${
  names.length > 0
    ? `others <- coxph(${outcome} ~ ${names.join(" + ")}, data = d, ties = "efron", control = exact)
chisq <- 2 * (cox$loglik[2] - others$loglik[2])
df <- length(coef(cox)) - length(coef(others))
cat("What the groups add:", chisq, df, pchisq(chisq, df, lower.tail = FALSE), "\\n")`
    : ""
}
${
  proportional
    ? `zph <- cox.zph(cox)$table
cat("Proportional hazards:", zph[, "p"], "\\n")
print(zph)
`
    : ""
}`;
}
