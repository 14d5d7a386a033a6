# Hazard ratio of a treatment along a score: truth for test/survival/treatmentEffectCurve.test.ts
# Run from the project's top folder:  Rscript test/reference/treatmentEffectCurve.R
suppressMessages({library(survival); library(Hmisc); library(jsonlite)})
tight <- coxph.control(eps = 1e-14, iter.max = 100)
test <- function(smaller, larger) {
  a <- anova(smaller, larger)
  list(statistic = a$Chisq[2], df = a$Df[2], p = pchisq(a$Chisq[2], a$Df[2], lower.tail = FALSE))
}
case <- function(data, time, event, treatment, score, count, entry = NA) {
  d <- as.data.frame(getExportedValue("survival", data))
  of <- function(text) eval(parse(text = text), d)
  f <- data.frame(time = of(time), event = of(event), t = of(treatment), s = as.numeric(of(score)))
  f$entry <- if (is.na(entry)) NA else of(entry)
  f <- f[complete.cases(f[, c("time", "event", "t", "s")]), ]
  y <- if (is.na(entry)) Surv(f$time, f$event) else Surv(f$entry, f$time, f$event)
  knots <- rcspline.eval(f$s, nk = count, knots.only = TRUE)
  spline <- rcspline.eval(f$s, knots = knots, inclx = TRUE)
  t <- f$t
  fit <- coxph(y ~ t * spline, control = tight)
  q <- quantile(f$s, c(0.05, 0.95)); at <- seq(q[1], q[2], length.out = 101)[c(1, 21, 51, 81, 101)]
  x <- cbind(1, rcspline.eval(at, knots = knots, inclx = TRUE))
  k <- length(coef(fit)); of <- c(1, (k - ncol(spline) + 1):k)
  effect <- drop(x %*% coef(fit)[of]); se <- sqrt(rowSums((x %*% vcov(fit)[of, of]) * x))
  z <- qnorm(0.975)
  list(data = data, time = time, event = event, treatment = treatment, score = score, count = count, entry = entry,
       n = fit$n, events = fit$nevent, knots = as.numeric(knots), at = unname(at), hazardRatio = exp(effect),
       lower = exp(effect - z * se), upper = exp(effect + z * se),
       interaction = test(coxph(y ~ t + spline, control = tight), fit),
       linear = test(coxph(y ~ t + f$s, control = tight), coxph(y ~ t * f$s, control = tight)))
}
cases <- list(
  case("gbsg", "rfstime", "status", "hormon", "age", 4),
  case("gbsg", "rfstime", "status", "hormon", "log(pgr + 1)", 5),
  case("rotterdam", "dtime", "death", "chemo", "age", 4),
  case("rotterdam", "dtime", "death", "hormon", "age / 10 + nodes / 5 + 1000", 3),
  case("pbc", "time", "as.numeric(status == 2)", "as.numeric(trt == 1)", "log(bili)", 4),
  case("veteran", "time", "status", "trt - 1", "karno", 3),
  case("lung", "time", "status - 1", "as.numeric(sex == 2)", "age", 4, entry = "time / 4"))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")),
                  Hmisc = as.character(packageVersion("Hmisc")), cases = cases), digits = NA, auto_unbox = TRUE,
             na = "null"), "test/reference/fixtures/treatmentEffectCurve.json")
