# Makes fixtures/kaplanMeier.json: survfit, quantiles, restricted means of R's survival, on its own data sets.
# Run from the top of the project: Rscript test/reference/kaplanMeier.R
suppressMessages(library(survival))
library(jsonlite)

columns <- function(fit) {
  s <- summary(fit, censored = TRUE)
  list(time = s$time, atRisk = s$n.risk, events = s$n.event, censored = s$n.censor, survival = s$surv,
       standardError = s$std.err, lower = s$lower, upper = s$upper, cumulativeHazard = s$cumhaz)
}
at <- function(fit, times) {
  s <- summary(fit, times = times, extend = TRUE)
  list(time = times, survival = s$surv, standardError = s$std.err, lower = s$lower, upper = s$upper, atRisk = s$n.risk)
}
quantiles <- function(fit, p = c(0.1, 0.25, 0.5, 0.75)) {
  q <- quantile(fit, p)
  list(probability = p, time = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper))
}
rmean <- function(fit, tau) {
  t <- summary(fit, rmean = tau)$table
  list(tau = tau, restrictedMean = unname(t["rmean"]), standardError = unname(t["se(rmean)"]))
}

# Weights that are not whole numbers, as a formula the tests repeat.
case <- function(data, time, event, interval, confidence = 0.95, entry = NULL, weight = NULL) {
  d <- get(data)
  t <- eval(parse(text = time), d)
  e <- eval(parse(text = event), d)
  y <- if (is.null(entry)) Surv(t, e) else Surv(eval(parse(text = entry), d), t, e)
  w <- if (is.null(weight)) NULL else eval(parse(text = weight), c(as.list(d), list(i = seq_along(t))))
  fit <- if (is.null(w)) survfit(y ~ 1, conf.type = interval, conf.int = confidence)
         else survfit(y ~ 1, weights = w, conf.type = interval, conf.int = confidence)
  last <- max(fit$time)
  times <- signif(last * c(0.05, 0.3, 0.6, 0.9), 2)
  list(data = data, time = time, event = event, entry = entry, weight = weight, interval = interval,
       confidence = confidence, curve = columns(fit), at = at(fit, times), quantiles = quantiles(fit),
       restrictedMean = lapply(c(last / 2, last), function(tau) rmean(fit, tau)))
}

reverse <- function(data, time, event) {
  d <- get(data)
  t <- eval(parse(text = time), d)
  e <- eval(parse(text = event), d)
  q <- quantile(survfit(Surv(t, 1 - e) ~ 1, conf.type = "log-log"), 0.5)
  list(data = data, time = time, event = event, median = unname(q$quantile), lower = unname(q$lower), upper = unname(q$upper))
}

difference <- function(data, time, event, group, tau) {
  d <- get(data)
  fit <- survfit(Surv(eval(parse(text = time), d), eval(parse(text = event), d)) ~ d[[group]])
  t <- summary(fit, rmean = tau)$table
  list(data = data, time = time, event = event, group = group, tau = tau,
       difference = unname(t[1, "rmean"] - t[2, "rmean"]), standardError = sqrt(sum(t[1:2, "se(rmean)"]^2)))
}

small <- list(
  flat = list(time = c(1, 2, 3, 4), event = c(1, 1, 0, 1)),
  flatEnd = list(time = c(1, 2, 3, 4), event = c(1, 1, 0, 0)),
  allCensored = list(time = c(3, 1, 2), event = c(0, 0, 0)),
  one = list(time = 5, event = 1),
  oneTime = list(time = c(4, 4, 4, 4), event = c(1, 0, 1, 1)),
  zero = list(time = c(0, 0, 2, 3), event = c(1, 0, 1, 0)),
  tied = list(time = c(2, 2, 2, 5, 5, 7), event = c(0, 1, 1, 0, 1, 1)),
  nearly = list(time = c(1, 1 + 1e-9, 2, 2 + 1e-7, 3), event = c(1, 1, 0, 1, 1))
)
smallCase <- function(name, interval) {
  s <- small[[name]]
  fit <- survfit(Surv(time, event) ~ 1, data = s, conf.type = interval)
  list(name = name, time = I(s$time), event = I(s$event), interval = interval, curve = lapply(columns(fit), I), quantiles = lapply(quantiles(fit), I))
}

out <- list(
  source = "test/reference/kaplanMeier.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  cases = list(
    case("lung", "time", "status - 1", "log-log"),
    case("lung", "time", "status - 1", "log", 0.9),
    case("lung", "time", "status - 1", "plain"),
    case("veteran", "time", "status", "log-log"),
    case("ovarian", "futime", "fustat", "log-log"),
    case("ovarian", "futime", "fustat", "log"),
    case("kidney", "time", "status", "log-log", 0.99),
    case("heart", "stop", "event", "log-log", entry = "start"),
    case("heart", "stop", "event", "log", entry = "start"),
    case("veteran", "time", "status", "log-log", weight = "1 + (i %% 3)"),
    case("veteran", "time", "status", "log", weight = "0.5 + (i %% 4) / 3"),
    case("heart", "stop", "event", "log-log", entry = "start", weight = "0.5 + (i %% 4) / 3"),
    case("ovarian", "futime", "fustat", "log-log", weight = "i %% 3")
  ),
  reverse = list(reverse("lung", "time", "status - 1"), reverse("rotterdam", "dtime", "death"), reverse("gbsg", "rfstime", "status")),
  difference = list(difference("veteran", "time", "status", "trt", 300), difference("gbsg", "rfstime", "status", "hormon", 1825)),
  small = unlist(lapply(names(small), function(n) lapply(c("log-log", "log", "plain"), function(i) smallCase(n, i))), recursive = FALSE)
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/kaplanMeier.json")
