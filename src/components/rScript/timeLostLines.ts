import type {KindComparison} from "../competingComparison.js";
import {page, rVector} from "./rData.js";

/**
 * Time lost to each kind of event and differences of incidence, again in R: of the patients `d` by group and kind, up to
 * `tau`, limits with `z`.
 *
 * @param late - whether patients come under observation late
 */
export function timeLostLines(kinds: readonly KindComparison[], late: boolean): string {
  const outcome = late ? "Surv(entry, time, kind)" : "Surv(time, kind)";
  const times = kinds[0].lines[0].at.map(({time}) => time).sort((a, b) => a - b);
  const shown = kinds.flatMap(({kind, lines}) =>
    lines
      .filter(({timeLost}) => timeLost)
      .map(({group, timeLost: t}) => page(`${kind}, ${group}: ${[t!.value, t!.lower, t!.upper].join(", ")}`))
  );
  return `
# Time lost to each kind of event up to tau, and its difference to the first group. R keeps the influence of every patient
# at every time for it.
d$kind <- factor(d$status, levels = 0:2, labels = c("censored", "event", "competing event"))
incidence <- lapply(levels(d$group), function(g)
  survfit(${outcome} ~ 1, data = d[d$group == g, ]${late ? ", id = patient" : ""}, influence = TRUE, conf.type = "log"))
names(incidence) <- levels(d$group)
${shown.join("\n")}
for (kind in c("event", "competing event")) {
  lost <- t(sapply(incidence, function(fit) {
    # R refuses a tau before the first patient leaves: nobody has lost anything by then.
    if (tau < min(fit$time)) return(c(mean = 0, error = 0))
    found <- summary(fit, rmean = tau)$table[kind, ]
    c(mean = found[["rmean"]], error = found[["se(rmean)"]])
  }))
  for (g in levels(d$group))
    cat("time lost |", kind, "|", g, ":", lost[g, "mean"] + c(0, -z, z) * lost[g, "error"], "\\n")
  for (g in levels(d$group)[-1]) {
    difference <- lost[g, "mean"] - lost[1, "mean"]
    error <- sqrt(lost[g, "error"]^2 + lost[1, "error"]^2)
    p <- 2 * pnorm(-abs(difference / error))
    cat("difference of time lost |", kind, "|", g, ":", difference + c(0, -z, z) * error, p, "\\n")
  }
}
${
  times.length === 0
    ? ""
    : `
# Incidence at some times, and its difference to the first group.
at <- ${rVector(times)}
by <- lapply(incidence, function(fit) summary(fit, times = at, extend = TRUE))
for (kind in c("event", "competing event")) for (k in seq_along(at)) for (g in levels(d$group)) {
  of <- function(found, column) found[[column]][k, match(kind, found$states)]
  found <- by[[g]]
  cat("incidence |", kind, "|", g, "|", at[k], ":", of(found, "pstate"), of(found, "lower"), of(found, "upper"), "\\n")
  if (g == levels(d$group)[1]) next
  difference <- of(found, "pstate") - of(by[[1]], "pstate")
  error <- sqrt(of(found, "std.err")^2 + of(by[[1]], "std.err")^2)
  p <- 2 * pnorm(-abs(difference / error))
  cat("difference of incidence |", kind, "|", g, "|", at[k], ":", difference + c(0, -z, z) * error, p, "\\n")
}
`
}`;
}
