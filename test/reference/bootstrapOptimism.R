# Harrell's bootstrap on fixed resamples: truth for test/survival/bootstrapOptimism.test.ts
# Run from the project's top folder:  Rscript test/reference/bootstrapOptimism.R
# R's and our generators differ, so the resamples are written into the fixture and both sides use them. The loop is that of
# rms::validate.cph (training on the resample, test on the original patients); Dxy = 2 (C - 1/2).
suppressMessages({library(survival); library(jsonlite)})
set.seed(20240611)
tight <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
case <- function(data, event, time, terms, resamples = 8, first = NA) {
  d <- as.data.frame(getExportedValue("survival", data))
  d$.time <- as.numeric(d[[time]]); d$.event <- as.integer(event(d))
  if (!is.na(first)) d <- d[seq_len(first), ]
  d <- d[complete.cases(d[, c(".time", ".event", terms)]), ]
  n <- nrow(d)
  formula <- reformulate(terms, "Surv(.time, .event)")
  rows <- lapply(seq_len(resamples), function(b) sample(n, replace = TRUE))
  x <- as.matrix(d[, terms])
  measure <- function(fit, on) {
    lp <- drop(x[on, , drop = FALSE] %*% coef(fit))
    C <- unname(concordance(Surv(d$.time[on], d$.event[on]) ~ lp, reverse = TRUE)$concordance)
    slope <- unname(coef(coxph(Surv(d$.time[on], d$.event[on]) ~ lp, control = tight)))
    c(concordance = C, dxy = 2 * C - 1, slope = slope)
  }
  fits <- lapply(rows, function(r) coxph(formula, d[r, ], control = tight))
  apparent <- measure(coxph(formula, d, control = tight), seq_len(n))
  training <- rowMeans(mapply(function(f, r) measure(f, r), fits, rows))
  test <- rowMeans(sapply(fits, function(f) measure(f, seq_len(n))))
  list(data = data, time = time, terms = terms, first = first, n = n, rows = lapply(rows, function(r) r - 1),
       apparent = as.list(apparent), training = as.list(training), test = as.list(test),
       optimism = as.list(training - test), corrected = as.list(apparent - (training - test)))
}
cases <- list(
  case("lung", function(d) d$status == 2, "time", c("age", "sex", "ph.karno")),
  case("veteran", function(d) d$status == 1, "time", c("karno", "age", "diagtime", "prior")),
  case("pbc", function(d) d$status == 2, "time", c("age", "bili", "albumin", "edema"), resamples = 5))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases),
             digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/bootstrapOptimism.json")
