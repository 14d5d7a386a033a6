import type {Cohort} from "../../cohort/readCohort.js";
import type {Endpoint, Variable} from "../../cohort/description.js";
import {exactP, formatNumber} from "../formatting.js";
import {page, rHead, rOutcome, rowsOf} from "./rData.js";
import type {ScriptData} from "./scriptData.js";

/** A numeric variable and where it is cut. */
export interface CutQuestion {
  readonly endpoint: Endpoint;
  readonly variable: Variable;
  readonly cut: number;
  /** The cut that parts survival most, with Lausen and Schumacher's p; null where it cannot be searched for. */
  readonly best: {readonly cut: number; readonly p: number} | null;
  /** Mask of the patients among whom it was searched for; default: all of them. */
  readonly searched?: Uint8Array;
  /** What the page says of the groups at the cut. */
  readonly said?: readonly string[];
}

/**
 * Histogram, counts, curves and log-rank test of a cut, and the search for the cut that parts survival most, again in R.
 *
 * @param rows - mask of the patients
 */
export function cutScript(
  cohort: Cohort,
  {endpoint, variable, cut, best, searched, said = []}: CutQuestion,
  rows: Uint8Array,
  data: ScriptData
): string {
  const {columns, outcome} = rOutcome(cohort, endpoint.id);
  const column = cohort.variable(variable.id);
  if (column.type !== "numeric") throw new TypeError(`${variable.id} is not numeric.`);
  const known = rowsOf(rows).filter((i) => !Number.isNaN(column.values[i]));
  const high = known.filter((i) => column.values[i] > cut).length;
  return `${rHead(cohort.study, endpoint)}
${data.frame("d", {...columns, value: column.values, ...(searched ? {searched} : {})}, known)}
cut <- ${cut}
cat("At or below the cut, above it:", sum(d$value <= cut), sum(d$value > cut), "\\n") ${page(`${known.length - high} and ${high}`)}
hist(d$value, breaks = 40, main = "", xlab = ${JSON.stringify(variable.label)})
abline(v = cut)

d <- d[!is.na(d$time), ] # only those with follow-up can be compared
d$high <- d$value > cut
print(survfit(${outcome} ~ high, data = d, conf.type = "log-log"))
${said.map(page).join("\n")}
if (any(d$high) && !all(d$high)) {
  cox <- coxph(${outcome} ~ high, data = d, ties = "efron", control = exact)
  cat("Hazard ratio above the cut:", summary(cox)$conf.int[c(1, 3, 4)], "\\n")
  cat("Score (log-rank) test:", cox$score, "on 1 df, p", pchisq(cox$score, 1, lower.tail = FALSE), "\\n")
}
${best ? searchWords(best, searched !== undefined) : ""}`;
}

const searchWords = ({cut, p}: {readonly cut: number; readonly p: number}, some: boolean) => `
# The cut that parts survival most. Log-rank scores: event minus cumulated hazard, where each event among patients
# tied at a time adds 1 / (1 + patients followed beyond it) (Hothorn and Lausen 2003), as R's maxstat has them.
${some ? "d <- d[d$searched == 1, ] # among these it was learned\n" : ""}d <- d[order(d$time), ]
n <- nrow(d)
beyond <- sapply(unique(d$time), function(t) sum(d$time > t))
deaths <- sapply(unique(d$time), function(t) sum(d$event[d$time == t]))
score <- d$event - cumsum(deaths / (1 + beyond))[match(d$time, unique(d$time))]
# Every cut that leaves 10% to 90% of the patients at or below it: |standardised sum of their scores|.
value <- sort(d$value)
score <- score[order(d$value)]
below <- which(diff(value) > 0)
below <- below[below >= max(1, floor(0.1 * n)) & below <= floor(0.9 * n)]
spread <- sqrt(below * (n - below) / (n^2 * (n - 1)) * (n * sum(score^2) - sum(score)^2))
statistic <- abs(cumsum(score)[below] - below / n * sum(score)) / spread
top <- which(statistic >= max(statistic) * (1 - 1e-12))[1]
cat("Best cut:", value[below[top]], "\\n") ${page(formatNumber(cut, 6))}
# Its p, adjusted for all the cuts looked at (Lausen, Sauerbrei and Schumacher 1994).
b <- statistic[top]
m1 <- head(below, -1)
m2 <- below[-1]
gap <- sqrt(1 - m1 * (n - m2) / ((n - m1) * m2))
p <- 2 * pnorm(b, lower.tail = FALSE) + exp(-b^2 / 2) / pi * sum(gap - (b^2 / 4 - 1) * gap^3 / 6)
cat("Adjusted p:", min(1, max(2 * pnorm(b, lower.tail = FALSE), p)), "\\n") ${page(exactP(p))}
`;
