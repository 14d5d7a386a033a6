# What the panels of the survival page must show for R's lung data: groups within the levels of a factor, the test in each
# panel, the pooled test and the Cox model stratified by the panels.
suppressMessages({library(survival); library(jsonlite)})

panels <- function(name, data, group, panel) {
  d <- data.frame(time = data$time, event = data$status == 2, group = group, panel = panel)
  d <- d[!is.na(d$group) & !is.na(d$panel), ]
  d$panel <- droplevels(d$panel)
  each <- lapply(levels(d$panel), function(level) {
    part <- d[d$panel == level, ]
    fit <- survfit(Surv(time, event) ~ group, data = droplevels(part), conf.type = "log-log")
    several <- length(unique(part$group)) > 1
    list(n = as.vector(fit$n), median = as.vector(quantile(fit, 0.5)$quantile),
         chiSquare = if (several) survdiff(Surv(time, event) ~ group, data = droplevels(part))$chisq else NA)
  })
  test <- survdiff(Surv(time, event) ~ group + strata(panel), data = d)
  cox <- summary(coxph(Surv(time, event) ~ group + strata(panel), data = d,
                       control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)))
  list(name = name, left = nrow(data) - nrow(d), panels = each, chiSquare = test$chisq,
       p = pchisq(test$chisq, nlevels(droplevels(d$group)) - 1, lower.tail = FALSE),
       hazardRatio = as.vector(cox$conf.int[, 1]), lower = as.vector(cox$conf.int[, 3]),
       upper = as.vector(cox$conf.int[, 4]), wald = as.vector(cox$coefficients[, 5]))
}

ecog <- factor(lung$ph.ecog)
thirds <- cut(lung$age, c(-Inf, quantile(lung$age, 1:2 / 3), Inf))
heavy <- factor(lung$wt.loss > median(lung$wt.loss, na.rm = TRUE))
cases <- list(
  panels("sex by ECOG", lung, factor(lung$sex), ecog),
  panels("ECOG by sex", lung, ecog, factor(lung$sex)),
  panels("age in tertiles by weight loss", lung, thirds, heavy)
)
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/survivalPanels.json")
