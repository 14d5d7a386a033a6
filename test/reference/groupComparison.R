# What the survival page says of how groups of R's lung data differ: restricted means, differences, pairs, proportional
# hazards, best cut.
suppressMessages({library(survival); library(maxstat); library(jsonlite)})

difference <- function(a, b, sa, sb) {
  d <- b - a; se <- sqrt(sa^2 + sb^2)
  list(value = d, lower = d - qnorm(0.975) * se, upper = d + qnorm(0.975) * se, p = 2 * pnorm(-abs(d / se)))
}

compare <- function(name, data, group, horizon = NULL) {
  data$group <- group
  data <- data[!is.na(data$group), ]
  fit <- survfit(Surv(time, status == 2) ~ group, data = data)
  tau <- if (is.null(horizon)) min(tapply(data$time, data$group, max)) else horizon
  means <- survival:::survmean(fit, rmean = tau)$matrix
  year <- summary(fit, times = 365.25)
  then <- summary(fit, times = tau)
  k <- nrow(means)
  pairs <- combn(k, 2)
  p <- apply(pairs, 2, function(ij) {
    two <- data[as.integer(data$group) %in% ij, ]
    pchisq(survdiff(Surv(time, status == 2) ~ group, data = two)$chisq, 1, lower.tail = FALSE)
  })
  z <- cox.zph(coxph(Surv(time, status == 2) ~ group, data = data), terms = FALSE)
  list(name = name, tau = tau, mean = as.vector(means[, "rmean"]), meanError = as.vector(means[, "se(rmean)"]),
       meanDifference = lapply(2:k, function(g) difference(means[1, "rmean"], means[g, "rmean"],
                                                           means[1, "se(rmean)"], means[g, "se(rmean)"])),
       yearDifference = lapply(2:k, function(g) difference(year$surv[1], year$surv[g],
                                                           year$std.err[1], year$std.err[g])),
       atTau = if (is.null(horizon)) list() else then$surv,
       atTauDifference = if (is.null(horizon)) list() else lapply(2:k, function(g)
         difference(then$surv[1], then$surv[g], then$std.err[1], then$std.err[g])),
       pairP = p, pairAdjusted = p.adjust(p, "BH"), zph = z$table[, "p"])
}

thirds <- cut(lung$age, c(-Inf, quantile(lung$age, 1:2 / 3), Inf))
best <- maxstat.test(Surv(time, status == 2) ~ age, data = lung, smethod = "LogRank", pmethod = "Lau94")
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  cases = list(compare("sex", lung, factor(lung$sex)), compare("age in tertiles", lung, thirds),
                               compare("sex at 400 days", lung, factor(lung$sex), 400)),
                  bestCut = list(cut = as.vector(best$estimate), p = best$p.value)),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/groupComparison.json")
