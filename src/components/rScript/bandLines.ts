import type {Selection} from "../../cohort/selection.js";
import {EQUAL_FROM} from "../../survival/simultaneousBand.js";
import {quoted, rNumber} from "./rData.js";

const hallWellner = `# A Brownian bridge stays within k from a to b: a series of cosines, each integrated over where the bridge begins and ends.
bridge <- function(k, a, b) {
  rate <- (2 * seq_len(ceiling(k / pi * sqrt(74 / (b - a))) + 1) - 1) * pi / (2 * k)
  means <- function(variance) {
    reach <- min(k, 9 * sqrt(variance))
    sapply(rate, function(r) if (variance == 0) 1 else
      integrate(function(x) dnorm(x, 0, sqrt(variance)) * cos(r * x), -reach, reach, rel.tol = 1e-11, subdivisions = 1000)$value)
  }
  sqrt(2 * pi) / k * sum(exp(-rate^2 * (b - a) / 2) * means(a) * means(1 - b))
}
critical <- function(a, b, level = 0.95) {
  a <- max(0, min(a, b - 0.01 * b * (1 - b))) # a narrower range is taken a little wider
  spread <- if (a < 0.5 && b > 0.5) 0.5 else sqrt(max(a * (1 - a), b * (1 - b)))
  least <- qnorm((1 + level) / 2) * spread
  uniroot(function(k) bridge(k, a, b) - level, c(least, least + 4 * spread), tol = 1e-12)$root
}`;

const equalPrecision = `# Nair's formula.
critical <- function(a, b, level = 0.95) {
  range <- log(b * (1 - a) / (a * (1 - b)))
  uniroot(function(c) dnorm(c) * (4 / c + (c - 1 / c) * range) - (1 - level), c(1, 9), tol = 1e-12)$root
}`;

const halves = {
  "hall-wellner": "critical(a[1], a[2]) * (1 + n * variance) / sqrt(n)",
  "equal-precision": "critical(a[1], a[2]) * sqrt(variance)"
};

const limits = {
  "log-log": "lower <- s^exp(-half / log(s)); upper <- s^exp(half / log(s))",
  log: "lower <- s * exp(-half); upper <- pmin(1, s * exp(half))",
  plain: "lower <- pmax(0, s - s * half); upper <- pmin(1, s + s * half)"
};

/** R's function `band` of a fitted curve, the simultaneous band that the reader asked for; "" where it is pointwise. */
export function bandFunction({band, interval}: Pick<Selection, "band" | "interval">): string {
  if (band === "pointwise") return "";
  return `
# Simultaneous band, ${band}, on the scale ${quoted(interval)}: NULL where a curve has none.
${band === "hall-wellner" ? hallWellner : equalPrecision}
band <- function(fit) {
  n <- fit$n
  d <- fit$n.event
  variance <- cumsum(ifelse(d > 0, d / (fit$n.risk * (fit$n.risk - d)), 0)) # Greenwood's, of log S
  share <- n * variance / (1 + n * variance)
  begins <- which(d > 0${band === "equal-precision" ? ` & share >= ${rNumber(EQUAL_FROM)}` : ""})
  ends <- which(d > 0 & fit$surv > 0)
  if (length(begins) == 0 || length(ends) == 0 || begins[1] > max(ends)) return(NULL)
  rows <- seq(begins[1], max(ends))
  a <- share[range(rows)]
  s <- fit$surv[rows]
  half <- (${halves[band]})[rows]
  ${limits[interval]}
  data.frame(time = fit$time[rows], lower, upper)
}
`;
}
