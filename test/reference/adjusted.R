# A Cox model of R's lung data by sex beside other variables, as the survival page fits it: numbers over their interquartile
# range, what sex adds, proportional hazards.
suppressMessages({library(survival); library(jsonlite)})

adjusted <- function(name, covariates) {
  d <- lung[complete.cases(lung[c("time", "status", "sex", covariates)]), ]
  d$sex <- factor(d$sex)
  for (v in covariates) {
    if (v == "ph.ecog") d[[v]] <- factor(d[[v]])
    else d[[v]] <- d[[v]] / diff(quantile(d[[v]], c(0.25, 0.75)))
  }
  exact <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
  fit <- function(terms) coxph(reformulate(terms, "Surv(time, status == 2)"), data = d, control = exact)
  whole <- fit(c("sex", covariates))
  others <- fit(covariates)
  test <- anova(others, whole)
  s <- summary(whole)
  z <- cox.zph(whole)$table
  list(name = name, covariates = I(covariates), n = whole$n, events = whole$nevent, missing = nrow(lung) - nrow(d),
       hazardRatio = s$conf.int[, 1], lower = s$conf.int[, 3], upper = s$conf.int[, 4], p = s$coefficients[, 5],
       crude = unname(exp(coef(fit("sex")))), added = list(statistic = test$Chisq[2], df = test$Df[2], p = test[2, 4]),
       zph = unname(z[, "p"]))
}

write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  cases = list(adjusted("age", "age"), adjusted("a factor with few", c("ph.ecog", "age")),
                               adjusted("many missing", c("age", "ph.ecog", "wt.loss", "meal.cal")))),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/adjusted.json")
