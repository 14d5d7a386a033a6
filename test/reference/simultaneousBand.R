# Makes fixtures/simultaneousBand.json: Hall-Wellner and equal-precision bands of Kaplan-Meier curves.
# Run from the top of the project: Rscript test/reference/simultaneousBand.R
#
# km.ci interpolates in tables of four decimals, so its bands are a check to about three figures. The truths to nine are
# computed here: the Brownian bridge by the method of images on a product grid, Nair's formula by uniroot.
suppressMessages({
  library(survival)
  library(km.ci)
})
library(jsonlite)

# Gauss-Legendre nodes and weights on [-1, 1] (Golub and Welsch).
gauss <- function(n) {
  off <- seq_len(n - 1) / sqrt(4 * seq_len(n - 1)^2 - 1)
  e <- eigen(rbind(cbind(0, diag(off)), 0) + t(rbind(cbind(0, diag(off)), 0)), symmetric = TRUE)
  list(x = e$values, w = 2 * e$vectors[1, ]^2)
}
grid <- gauss(160)

# Probability that a bridge stays within k from a to b: images of killed Brownian motion between, free before and after.
# The ranges of the integrals end at nine SD, where the normal density does.
bridgeWithin <- function(k, a, b) {
  reach <- function(variance) min(k, 9 * sqrt(variance))
  hx <- if (a > 0) reach(a) else 0
  x <- if (a > 0) hx * grid$x else 0
  wx <- if (a > 0) hx * grid$w * dnorm(x, 0, sqrt(a)) else 1
  y <- reach(1 - b) * grid$x
  wy <- reach(1 - b) * grid$w * dnorm(y, 0, sqrt(1 - b))
  kernel <- 0
  for (j in -12:12)
    kernel <- kernel + dnorm(outer(x, y, "-") + 4 * j * k, 0, sqrt(b - a)) - dnorm(outer(x, y, "+") + 2 * k + 4 * j * k, 0, sqrt(b - a))
  sqrt(2 * pi) * sum(wx * (kernel %*% wy))
}
hallWellner <- function(a, b, level) uniroot(function(k) bridgeWithin(k, a, b) - level, c(0.05, 3), tol = 1e-14)$root
nair <- function(a, b, level) {
  range <- log(b * (1 - a) / (a * (1 - b)))
  uniroot(function(c) dnorm(c) * (4 / c + (c - 1 / c) * range) - (1 - level), c(1, 8), tol = 1e-14)$root
}

# What Nair's formula approximates: a stationary Ornstein-Uhlenbeck process within c over a time, by the spectrum of its
# generator between -c and c, in cosines.
equalPrecision <- function(a, b, level, size = 40) {
  time <- log(b * (1 - a) / (a * (1 - b))) / 2
  odd <- 2 * seq_len(size) - 1
  within <- function(c) {
    apart <- function(r) ifelse(r == 0, 0, 8 * c^2 / (pi^2 * r^2) * cos(pi * r / 2))
    square <- outer(odd, odd, function(p, q) ifelse(p == q, c^2 * (1 / 3 - 2 / (pi^2 * p^2)), apart(p - q) + apart(p + q)))
    rate <- odd * pi / (2 * c)
    start <- sapply(rate, function(r) sum(grid$w * sqrt(dnorm(c * grid$x)) * cos(r * c * grid$x)) * c) / sqrt(c)
    e <- eigen(diag(rate^2) + square / 4 - diag(size) / 2, symmetric = TRUE)
    sum(drop(t(e$vectors) %*% start)^2 * exp(-e$values * time))
  }
  uniroot(function(c) within(c) - level, c(1.5, 8), tol = 1e-12)$root
}

ranges <- list(c(0.02, 0.1), c(0.1, 0.2), c(0.1, 0.9), c(0.02, 0.5), c(0.4, 0.8), c(0.2, 0.98), c(0.005, 0.7), c(0.3, 0.4), c(0.04, 0.995))
critical <- unlist(lapply(ranges, function(r) lapply(c(0.8, 0.9, 0.95, 0.99), function(level)
  list(a = r[1], b = r[2], confidence = level, hallWellner = hallWellner(r[1], r[2], level), nair = nair(r[1], r[2], level),
       equalPrecision = equalPrecision(r[1], r[2], level)))), recursive = FALSE)

# Values of km.ci's tables that are not those of Hall and Wellner's distribution to the digits printed, found by the tests.
misprints <- lapply(list(c(0.22, 0.26, 0.9), c(0.18, 0.34, 0.9), c(0.12, 1, 0.9), c(0.18, 0.76, 0.95), c(0.54, 0.76, 0.99)),
  function(m) list(a = m[1], b = m[2], confidence = m[3], hallWellner = hallWellner(m[1], min(m[2], 1 - 1e-12), m[3])))

# The tables as km.ci prints them: rows are b = 0.10, 0.12, …, columns a = 0 (or 0.02), 0.02, …; every third value.
table <- function(kind, values, confidence, firstA) {
  at <- which(!is.na(as.matrix(values)), arr.ind = TRUE)
  at <- at[seq(1, nrow(at), by = 3), ]
  b <- 0.1 + 0.02 * (at[, 1] - 1)
  a <- firstA + 0.02 * (at[, 2] - 1)
  list(kind = kind, confidence = confidence, a = unname(a), b = unname(b), value = unname(as.matrix(values)[at]))
}
tables <- list(
  table("hall-wellner", critical.value.hall.90, 0.9, 0), table("hall-wellner", critical.value.hall.95, 0.95, 0),
  table("hall-wellner", critical.value.hall.99, 0.99, 0),
  table("equal-precision", critical.value.nair.90, 0.9, 0.02), table("equal-precision", critical.value.nair.95, 0.95, 0.02)
)

# The band written out, and km.ci's where it has the scale.
band <- function(data, time, event, kind, interval, confidence, entry = NULL) {
  d <- get(data)
  t <- eval(parse(text = time), d)
  e <- eval(parse(text = event), d)
  y <- if (is.null(entry)) Surv(t, e) else Surv(eval(parse(text = entry), d), t, e)
  fit <- survfit(y ~ 1)
  n <- fit$n
  variance <- cumsum(ifelse(fit$n.event > 0, fit$n.event / (fit$n.risk * (fit$n.risk - fit$n.event)), 0))
  share <- n * variance / (1 + n * variance)
  begins <- fit$n.event > 0 & (kind == "hall-wellner" | share >= 0.05)
  rows <- seq(which(begins)[1], max(which(fit$n.event > 0 & fit$surv > 0)))
  share <- share[range(rows)]
  level <- (if (kind == "hall-wellner") hallWellner else nair)(share[1], share[2], confidence)
  half <- level * (if (kind == "hall-wellner") (1 + n * variance) / sqrt(n) else sqrt(variance))
  s <- fit$surv
  limits <- switch(interval,
    plain = list(lower = pmax(0, s * (1 - half)), upper = pmin(1, s * (1 + half))),
    log = list(lower = s * exp(-half), upper = pmin(1, s * exp(half))),
    "log-log" = list(lower = s^exp(-half / log(s)), upper = s^exp(half / log(s))))
  out <- list(data = data, time = time, event = event, entry = entry, kind = kind, interval = interval, confidence = confidence,
    from = fit$time[min(rows)], to = fit$time[max(rows)], aLower = share[1], aUpper = share[2], critical = level,
    first = min(rows) - 1, lower = limits$lower[rows], upper = limits$upper[rows])
  method <- c("hall-wellner plain" = "hall-wellner", "hall-wellner log-log" = "loghall", "equal-precision plain" = "epband",
    "equal-precision log-log" = "logep")[paste(kind, interval)]
  if (!is.na(method) && is.null(entry)) {
    theirs <- km.ci(fit, conf.level = confidence, method = method, tl = fit$time[min(rows)], tu = fit$time[max(rows)])
    out$kmci <- list(time = theirs$time, lower = pmax(0, theirs$lower), upper = pmin(1, theirs$upper))
  }
  out
}
each <- function(...) unlist(lapply(c("hall-wellner", "equal-precision"), function(kind)
  lapply(c("log-log", "log", "plain"), function(interval) band(..., kind = kind, interval = interval))), recursive = FALSE)

out <- list(
  source = "test/reference/simultaneousBand.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  km.ci = as.character(packageVersion("km.ci")), critical = critical, misprints = misprints, tables = tables,
  bands = c(each("lung", "time", "status - 1", confidence = 0.95), each("veteran", "time", "status", confidence = 0.9),
    each("ovarian", "futime", "fustat", confidence = 0.95), each("heart", "stop", "event", confidence = 0.95, entry = "start"))
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/simultaneousBand.json")
