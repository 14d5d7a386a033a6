# Maximally selected log-rank statistics: truth for test/survival/maximallySelectedLogRank.test.ts
# Run from the project's top folder:  Rscript test/reference/maximallySelectedLogRank.R
suppressMessages({library(survival); library(maxstat); library(jsonlite)})
event_of <- list(lung = function(d) d$status == 2, veteran = function(d) d$status == 1, pbc = function(d) d$status == 2,
                 rotterdam = function(d) d$death == 1, gbsg = function(d) d$status == 1, colon = function(d) d$status == 1,
                 ovarian = function(d) d$fustat == 1)
time_of <- list(lung = "time", veteran = "time", pbc = "time", rotterdam = "dtime", gbsg = "rfstime", colon = "time",
                ovarian = "futime")
case <- function(data, score, low = 0.1, high = 0.9, exact = FALSE, first = NA) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(time = as.numeric(d[[time_of[[data]]]]), event = as.integer(event_of[[data]](d)),
                  score = as.numeric(d[[score]]))
  if (!is.na(first)) d <- d[seq_len(first), ]
  d <- d[complete.cases(d), ]
  fit <- function(method, ...) maxstat.test(Surv(time, event) ~ score, data = d, smethod = "LogRank", pmethod = method,
                                            minprop = low, maxprop = high, ...)
  lau92 <- fit("Lau92")
  set.seed(20240611)
  permuted <- fit("condMC", B = 50000)
  # maxstat computes 1 - (pnorm(b) - pnorm(-b)), which cancels in the far tail: the same formula without the cancellation
  b <- unname(lau92$statistic)
  m <- sapply(unique(unname(lau92$cuts)), function(k) sum(d$score <= k)); m1 <- head(m, -1); m2 <- m[-1]; n <- nrow(d)
  t <- sqrt(1 - m1 * (n - m2) / ((n - m1) * m2))
  stable <- 2 * pnorm(b, lower.tail = FALSE) + if (length(m) > 1) sum(exp(-b^2 / 2) / pi * (t - (b^2 / 4 - 1) * t^3 / 6)) else 0
  cuts <- unique(unname(lau92$cuts))
  keep <- unique(round(seq(1, length(cuts), length.out = min(length(cuts), 25))))   # the fixture stays small
  chisq <- sapply(cuts[keep], function(k) survdiff(Surv(time, event) ~ (score > k), data = d)$chisq)
  list(data = data, time = time_of[[data]], score = score, minProportion = low, maxProportion = high, first = first,
       n = nrow(d), statistic = unname(lau92$statistic), cut = unname(lau92$estimate), cuts = length(cuts),
       index = I(keep - 1), cutAt = I(cuts[keep]), statisticAt = I(unname(lau92$stats)[keep]), chiSquareAt = I(chisq),
       lau92 = unname(lau92$p.value), lau94 = unname(fit("Lau94")$p.value), lau94Stable = stable,
       condMC = unname(permuted$p.value),
       hl = if (exact) unname(fit("HL")$p.value) else NA)
}
cases <- list(
  case("lung", "age"), case("lung", "ph.karno"), case("lung", "meal.cal", 0.2, 0.8), case("veteran", "karno", exact = TRUE),
  case("veteran", "age", exact = TRUE), case("pbc", "bili"), case("pbc", "age"), case("rotterdam", "nodes"),
  case("rotterdam", "age"), case("gbsg", "pgr"), case("colon", "nodes"), case("ovarian", "age", exact = TRUE),
  case("ovarian", "resid.ds", exact = TRUE), case("lung", "age", 0.25, 0.75, exact = TRUE, first = 90))
write(toJSON(list(R = R.version.string, maxstat = as.character(packageVersion("maxstat")), cases = cases),
             digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/maximallySelectedLogRank.json")
