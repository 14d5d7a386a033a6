# Times R's survival on a CSV, in-process; prints JSON: the median of several runs in milliseconds.
# Usage: Rscript bench/survival/bench.R cohort.csv small.csv
suppressMessages(library(survival))
args <- commandArgs(TRUE)
median_ms <- function(f, runs) median(sapply(seq_len(runs), function(i) { gc(FALSE); system.time(f())[["elapsed"]] })) * 1000
out <- list(R = R.version.string, survival = as.character(packageVersion("survival")))

d <- read.csv(args[1])
runs <- if (nrow(d) > 5e5) 3 else 7
out$survfit <- median_ms(function() survfit(Surv(time, event) ~ group, d), runs)
out$survdiff <- median_ms(function() survdiff(Surv(time, event) ~ group, d), runs)
out$cox1 <- median_ms(function() coxph(Surv(time, event) ~ x1, d), runs)
out$cox5 <- median_ms(function() coxph(Surv(time, event) ~ x1 + x2 + x3 + x4 + x5, d), runs)
out$concordance <- median_ms(function() concordance(Surv(time, event) ~ x1, d, reverse = TRUE), runs)
out$values <- list(
  chiSquare = survdiff(Surv(time, event) ~ group, d)$chisq,
  coef = unname(coef(coxph(Surv(time, event) ~ x1, d, control = coxph.control(eps = 1e-12)))),
  concordance = unname(concordance(Surv(time, event) ~ x1, d, reverse = TRUE)$concordance))

if (length(args) > 1) {
  s <- read.csv(args[2])
  n <- nrow(s)
  set.seed(1)
  out$bootstrap <- system.time(for (b in 1:1000) {
    i <- sample.int(n, replace = TRUE)
    fit <- coxph(Surv(time, event) ~ x1 + x2 + x3 + x4, s[i, ])
    concordance(Surv(time, event) ~ predict(fit, s), s, reverse = TRUE, std.err = FALSE)
  })[["elapsed"]] * 1000
  cuts <- head(sort(unique(s$x1)), -1)
  out$scan <- system.time(for (cut in cuts) survdiff(Surv(time, event) ~ (x1 > cut), s))[["elapsed"]] * 1000
}
cat(jsonlite::toJSON(out, auto_unbox = TRUE, digits = NA))
