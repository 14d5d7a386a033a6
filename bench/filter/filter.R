# One change of filter, answered by R's survival: the filtered rows' curves, log-rank test and Cox model of two groups.
# Usage: Rscript bench/filter/filter.R rows.csv runs; prints JSON: median milliseconds and the answer.
suppressMessages(library(survival))
args <- commandArgs(TRUE)
d <- read.csv(args[1])
filtered <- d$kept == 1
answer <- function(control = coxph.control()) {
  s <- d[filtered, ]
  list(km = survfit(Surv(time, event) ~ group, s), test = survdiff(Surv(time, event) ~ group, s),
       cox = coxph(Surv(time, event) ~ group, s, control = control))
}
times <- sapply(seq_len(as.integer(args[2])), function(i) { gc(FALSE); system.time(answer())[["elapsed"]] })
found <- answer(coxph.control(eps = 1e-12, toler.chol = 1e-13))
last <- tapply(found$km$surv, rep(seq_along(found$km$strata), found$km$strata), min)
cat(jsonlite::toJSON(list(ms = median(times) * 1000, R = R.version.string,
  survival = as.numeric(last), chiSquare = found$test$chisq, coef = unname(coef(found$cox)),
  standardError = unname(sqrt(vcov(found$cox)[1, 1]))), auto_unbox = TRUE, digits = NA))
