# Decision curves: truth for test/survival/decisionCurve.test.ts
# dcurves is not in Debian: its definition (Vickers 2008) is written out here from survfit.
# Run from the project's top folder:  Rscript test/reference/decisionCurve.R
suppressMessages({library(survival); library(jsonlite)})
event_of <- list(lung = function(d) d$status == 2, veteran = function(d) d$status == 1, pbc = function(d) d$status == 2,
                 rotterdam = function(d) d$death == 1, gbsg = function(d) d$status == 1, colon = function(d) d$status == 1)
time_of <- list(lung = "time", veteran = "time", pbc = "time", rotterdam = "dtime", gbsg = "rfstime", colon = "time")
probability <- function(time, event, horizon) {
  if (!length(time)) return(0)
  fit <- survfit(Surv(time, event) ~ 1)
  if (max(fit$time) < horizon && min(fit$surv) > 0) return(NA)
  1 - summary(fit, times = horizon, extend = TRUE)$surv
}
thresholds <- c(0.02, 0.05, seq(0.1, 0.9, by = 0.1), 0.95)
case <- function(data, x, horizon, a, b) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(time = as.numeric(d[[time_of[[data]]]]), event = as.integer(event_of[[data]](d)), x = as.numeric(d[[x]]))
  d <- d[complete.cases(d), ]
  risk <- plogis(a + b * d$x)
  overall <- probability(d$time, d$event, horizon)
  nb <- sapply(thresholds, function(t) {
    above <- risk >= t
    p <- probability(d$time[above], d$event[above], horizon)
    mean(above) * p - mean(above) * (1 - p) * t / (1 - t)
  })
  all <- overall - (1 - overall) * thresholds / (1 - thresholds)
  list(data = data, time = time_of[[data]], x = x, horizon = horizon, a = a, b = b, n = nrow(d), overall = overall,
       netBenefit = nb, treatAll = all, standardised = nb / overall,
       avoided = 100 * (nb - all) / (thresholds / (1 - thresholds)))
}
cases <- list(case("lung", "ph.karno", 365, 4, -0.05), case("veteran", "karno", 100, 3, -0.05),
              case("pbc", "bili", 1826, -2, 0.3), case("rotterdam", "nodes", 1826.25, -1.5, 0.15),
              case("gbsg", "nodes", 1095, -1.2, 0.12), case("colon", "nodes", 1000, -1, 0.15),
              case("veteran", "karno", 600, 3, -0.05), case("pbc", "bili", 4400, -2, 0.3))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), thresholds = thresholds,
                  cases = cases), digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/decisionCurve.json")
