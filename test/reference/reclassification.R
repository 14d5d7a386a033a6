# Makes fixtures/reclassification.json: continuous NRI and IDI with inverse-probability-of-censoring weights.
# survIDINRI is not in Debian: Uno's definitions are written out, with the censoring distribution as
# riskRegression has it.
# Run from the top of the project: Rscript test/reference/reclassification.R
library(survival)
library(jsonlite)

# P(not censored by t), or before t: deaths leave before the censorings tied with them, as in prodlim's reverse = TRUE.
uncensored <- function(time, event, t, before) {
  s <- sort(unique(time[event == 0]))
  factor <- sapply(s, function(u) 1 - sum(time == u & event == 0) / (sum(time >= u) - sum(time == u & event == 1)))
  sapply(t, function(x) prod(factor[if (before) s < x else s <= x]))
}

case <- function(data, time, event, x, y, horizon, a, b, c, d0) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(t = as.numeric(d[[time]]), e = as.numeric(event(d)), x = as.numeric(d[[x]]), y = as.numeric(d[[y]]))
  d <- d[complete.cases(d), ]
  risk <- plogis(a + b * d$x)
  reference <- plogis(c + d0 * d$y)
  before <- uncensored(d$t, d$e, d$t, TRUE)
  at <- uncensored(d$t, d$e, horizon, FALSE)
  w <- ifelse(d$t <= horizon & d$e == 1, 1 / before, ifelse(d$t > horizon, 1 / at, 0))
  case <- d$t <= horizon & d$e == 1
  control <- d$t > horizon
  up <- function(k) sum(w[k] * sign(risk - reference)[k]) / sum(w[k])
  moved <- function(k) sum(w[k] * (risk - reference)[k]) / sum(w[k])
  list(data = data, time = time, x = x, y = y, horizon = horizon, a = a, b = b, c = c, d = d0, n = nrow(d),
       cases = sum(case), controls = sum(control), nri = up(case) - up(control), events = up(case),
       nonEvents = -up(control), idi = moved(case) - moved(control))
}
dead <- function(d) d$status == 2
cases <- list(case("lung", "time", dead, "ph.karno", "age", 365, 4, -0.05, -3, 0.05),
              case("pbc", "time", dead, "bili", "age", 1826, -2, 0.3, -4, 0.06),
              case("rotterdam", "dtime", function(d) d$death == 1, "nodes", "age", 1826, -1.5, 0.15, -3, 0.04),
              case("veteran", "time", function(d) d$status == 1, "karno", "age", 100, 3, -0.05, -1, 0.01))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases), digits = NA,
             auto_unbox = TRUE), "test/reference/fixtures/reclassification.json")
