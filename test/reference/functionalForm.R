# Makes fixtures/functionalForm.json: a restricted cubic spline against a straight line in a Cox model.
# Run from the top of the project: Rscript test/reference/functionalForm.R
suppressMessages({library(survival); library(rms)})
library(jsonlite)

control <- coxph.control(eps = 1e-14, iter.max = 100)
case <- function(data, time, event, variable, others, knots) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(t = as.numeric(d[[time]]), e = event(d), d[c(variable, others)])
  d <- d[complete.cases(d), ]
  k <- Hmisc::rcspline.eval(d[[variable]], nk = knots, knots.only = TRUE)
  basis <- Hmisc::rcspline.eval(d[[variable]], knots = k, inclx = TRUE)
  y <- Surv(d$t, d$e)
  rest <- if (length(others)) as.matrix(d[others]) else NULL
  linear <- coxph(y ~ cbind(d[[variable]], rest), control = control)
  spline <- coxph(y ~ cbind(basis, rest), control = control)
  x <- seq(min(d[[variable]]), max(d[[variable]]), length.out = 11)
  middle <- median(d[[variable]])
  change <- Hmisc::rcspline.eval(x, knots = k, inclx = TRUE) -
    matrix(Hmisc::rcspline.eval(c(middle, middle), knots = k, inclx = TRUE)[1, ], 11, ncol(basis), byrow = TRUE)
  at <- seq_len(ncol(basis))
  estimate <- drop(change %*% coef(spline)[at])
  se <- sqrt(rowSums((change %*% vcov(spline)[at, at]) * change))
  test <- anova(linear, spline)
  list(data = data, time = time, variable = variable, others = I(others), knots = knots, at = k, n = nrow(d),
       events = sum(d$e), statistic = test$Chisq[2], df = test$Df[2], p = test[["Pr(>|Chi|)"]][2], x = x,
       estimate = estimate, lower = estimate - qnorm(0.975) * se, upper = estimate + qnorm(0.975) * se,
       linear = unname(coef(linear)[1]), reference = middle)
}
cases <- list(case("pbc", "time", function(d) d$status == 2, "bili", c("age", "albumin"), 4),
              case("rotterdam", "dtime", function(d) d$death == 1, "nodes", "age", 4),
              case("rotterdam", "dtime", function(d) d$death == 1, "age", character(), 5),
              case("lung", "time", function(d) d$status == 2, "meal.cal", c("age", "sex"), 3))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  Hmisc = as.character(packageVersion("Hmisc")), cases = cases), digits = NA, auto_unbox = TRUE),
      "test/reference/fixtures/functionalForm.json")
