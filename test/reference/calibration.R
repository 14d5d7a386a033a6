# Calibration of predicted risks at a horizon: truth for test/survival/calibration.test.ts
# Run from the project's top folder:  Rscript test/reference/calibration.R
suppressMessages({library(survival); library(Hmisc); library(jsonlite)})
event_of <- list(lung = function(d) d$status == 2, veteran = function(d) d$status == 1, pbc = function(d) d$status == 2,
                 rotterdam = function(d) d$death == 1, gbsg = function(d) d$status == 1, colon = function(d) d$status == 1)
time_of <- list(lung = "time", veteran = "time", pbc = "time", rotterdam = "dtime", gbsg = "rfstime", colon = "time")
tight <- coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15)
case <- function(data, x, horizon, a, b, groups = 5, knots = 3) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(time = as.numeric(d[[time_of[[data]]]]), event = as.integer(event_of[[data]](d)), x = as.numeric(d[[x]]))
  d <- d[complete.cases(d), ]
  risk <- plogis(a + b * d$x)
  loglog <- log(-log(1 - risk))
  at <- function(fit) { s <- summary(fit, times = horizon, extend = TRUE); c(1 - s$surv, 1 - s$upper, 1 - s$lower, s$std.err) }
  km <- at(survfit(Surv(time, event) ~ 1, d, conf.type = "log-log"))
  breaks <- unique(quantile(risk, seq(0, 1, length.out = groups + 1)))
  g <- cut(risk, breaks, include.lowest = TRUE, labels = FALSE)
  grouped <- lapply(sort(unique(g)), function(j) {
    k <- at(survfit(Surv(time, event) ~ 1, d[g == j, ], conf.type = "log-log"))
    list(n = sum(g == j), events = sum(d$event[g == j] == 1 & d$time[g == j] <= horizon), meanRisk = mean(risk[g == j]),
         observed = k[1], lower = k[2], upper = k[3])
  })
  slope <- coxph(Surv(time, event) ~ loglog, d, control = tight)
  basis <- rcspline.eval(loglog, nk = knots, inclx = TRUE)
  smooth <- coxph(Surv(time, event) ~ basis, d, control = tight)
  h <- basehaz(smooth, centered = FALSE)
  H <- max(c(0, h$hazard[h$time <= horizon]))
  observed <- as.vector(1 - exp(-H * exp(basis %*% coef(smooth))))
  error <- abs(observed - risk)
  intercept <- uniroot(function(s) mean(1 - (1 - risk)^exp(s)) - km[1], c(-10, 10), tol = 1e-14)$root
  o <- order(risk)
  keep <- unique(round(seq(1, nrow(d), length.out = 15)))
  list(data = data, time = time_of[[data]], x = x, horizon = horizon, a = a, b = b, groups = groups, knots = knots,
       n = nrow(d), observed = km[1], observedLower = km[2], observedUpper = km[3], meanRisk = mean(risk),
       ratio = km[1] / mean(risk), ratioLower = km[1] / mean(risk) * exp(-qnorm(0.975) * km[4] / km[1]),
       ratioUpper = km[1] / mean(risk) * exp(qnorm(0.975) * km[4] / km[1]), intercept = intercept,
       slope = unname(coef(slope)), slopeStandardError = sqrt(slope$var[1, 1]), grouped = grouped,
       index = keep - 1, smoothRisk = risk[o][keep], smoothObserved = observed[o][keep],
       ici = mean(error), e50 = median(error), e90 = unname(quantile(error, 0.9)), emax = max(error))
}
cases <- list(case("lung", "ph.karno", 365, 4, -0.05, groups = 3), case("lung", "age", 365, -3, 0.05),
              case("veteran", "karno", 100, 3, -0.05), case("pbc", "bili", 1826, -2, 0.3),
              case("pbc", "age", 1826, -3, 0.045, groups = 10, knots = 5), case("rotterdam", "nodes", 1826.25, -1.5, 0.15),
              case("rotterdam", "age", 3652.5, -2.5, 0.04, groups = 10, knots = 4), case("gbsg", "pgr", 1095, 0.2, -0.004),
              case("colon", "age", 1000, -1, 0.01))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/calibration.json")
