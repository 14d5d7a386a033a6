# What the survival page must show for selections of R's lung data: curves by group, log-rank test, hazard ratios.
suppressMessages({library(survival); library(jsonlite)})

answer <- function(name, data, group) {
  data$group <- group
  followed <- data[!is.na(data$group), ]
  fit <- survfit(Surv(time, status == 2) ~ group, data = followed, conf.type = "log-log")
  test <- survdiff(Surv(time, status == 2) ~ group, data = followed)
  cox <- summary(coxph(Surv(time, status == 2) ~ group, data = followed))
  middle <- quantile(fit, 0.5)
  year <- summary(fit, times = 365.25)
  list(
    name = name, n = as.vector(fit$n), events = as.vector(rowsum(fit$n.event, rep(seq_along(fit$strata), fit$strata))),
    missing = sum(is.na(data$group)),
    median = as.vector(middle$quantile), lower = as.vector(middle$lower), upper = as.vector(middle$upper),
    year = year$surv, yearLower = year$lower, yearUpper = year$upper,
    chiSquare = test$chisq, p = pchisq(test$chisq, length(test$n) - 1, lower.tail = FALSE),
    hazardRatio = as.vector(cox$conf.int[, 1]), hazardLower = as.vector(cox$conf.int[, 3]),
    hazardUpper = as.vector(cox$conf.int[, 4]), wald = as.vector(cox$coefficients[, 5])
  )
}

at_median <- function(x) factor(x > median(x, na.rm = TRUE))
ambulatory <- lung[lung$ph.ecog %in% c(0, 1), ]
men <- lung[lung$sex == 1, ]
landmark <- lung[lung$time > 180, ]
cases <- list(
  answer("sex", lung, factor(lung$sex)),
  answer("sex, ECOG 0 or 1", ambulatory, factor(ambulatory$sex)),
  answer("weight loss at its median, men", men, at_median(men$wt.loss)),
  answer("age in tertiles", lung, cut(lung$age, c(-Inf, quantile(lung$age, 1:2 / 3), Inf))),
  answer("sex after a landmark of 180 days", landmark, factor(landmark$sex))
)
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/survivalPage.json")
