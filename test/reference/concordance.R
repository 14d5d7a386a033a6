# Makes fixtures/concordance.json: C-indices of R's survival and their covariance.
# Run from the top of the project: Rscript test/reference/concordance.R
suppressMessages(library(survival))
library(jsonlite)

case <- function(data, time, event, score, entry = NULL, weight = NULL, strata = NULL, timewt = "n") {
  d <- get(data)
  d$i <- seq_len(nrow(d))
  read <- function(text) eval(parse(text = text), d)
  y <- if (is.null(entry)) Surv(read(time), read(event)) else Surv(read(entry), read(time), read(event))
  x <- read(score)
  d$y <- y; d$x <- x
  d$w <- if (is.null(weight)) rep(1, nrow(d)) else read(weight)
  if (!is.null(strata)) d$s <- d[[strata]]
  formula <- if (is.null(strata)) y ~ x else y ~ x + strata(s)
  fit <- concordance(formula, data = d, weights = w, reverse = TRUE, timewt = timewt)
  count <- if (is.matrix(fit$count)) colSums(fit$count) else fit$count
  list(data = data, time = time, event = event, score = score, entry = entry, weight = weight, strata = strata, timewt = timewt,
       concordance = unname(fit$concordance), standardError = sqrt(fit$var), concordant = unname(count["concordant"]),
       discordant = unname(count["discordant"]), tiedScore = unname(count["tied.x"]), tiedTime = unname(count["tied.y"]),
       tiedBoth = unname(count["tied.xy"]), n = fit$n)
}
compare <- function(data, time, event, score, reference, timewt = "n") {
  d <- get(data)
  read <- function(text) eval(parse(text = text), d)
  d <- data.frame(t = read(time), e = read(event), a = read(score), b = read(reference))
  d <- d[complete.cases(d), ]
  # A linear model without a slope of its own: the scores as they are, through coxph with the coefficient held at 1.
  one <- coxph(Surv(t, e) ~ a, d, init = 1, iter.max = 0)
  two <- coxph(Surv(t, e) ~ b, d, init = 1, iter.max = 0)
  fit <- do.call(concordance, list(one, two, timewt = timewt))
  V <- vcov(fit)
  difference <- unname(coef(fit)[1] - coef(fit)[2])
  se <- sqrt(V[1, 1] + V[2, 2] - 2 * V[1, 2])
  list(data = data, time = time, event = event, score = score, reference = reference, timewt = timewt, difference = difference,
       standardError = se, p = 2 * pnorm(-abs(difference / se)), n = nrow(d))
}
out <- list(source = "test/reference/concordance.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  cases = list(
    case("lung", "time", "status - 1", "age"),
    case("lung", "time", "status - 1", "ph.ecog"),
    case("lung", "time", "status - 1", "age", timewt = "n/G2"),
    case("veteran", "time", "status", "-karno"),
    case("veteran", "time", "status", "-karno", timewt = "n/G2"),
    case("veteran", "time", "status", "-karno", strata = "celltype"),
    case("ovarian", "futime", "fustat", "age"),
    case("ovarian", "futime", "fustat", "age", weight = "1 + i %% 3"),
    case("ovarian", "futime", "fustat", "age", weight = "0.5 + (i %% 4) / 3"),
    case("ovarian", "futime", "fustat", "age", weight = "0.5 + (i %% 4) / 3", timewt = "n/G2"),
    case("heart", "stop", "event", "age", entry = "start"),
    case("kidney", "time", "status", "age"),
    case("gbsg", "rfstime", "status", "nodes"),
    case("gbsg", "rfstime", "status", "nodes", timewt = "n/G2"),
    case("rotterdam", "dtime", "death", "nodes"),
    case("rotterdam", "dtime", "death", "age", timewt = "n/G2"),
    case("colon", "time", "status", "nodes"),
    case("mgus2", "futime", "death", "age")),
  compare = list(
    compare("lung", "time", "status - 1", "ph.ecog", "age"),
    compare("rotterdam", "dtime", "death", "nodes", "age"),
    compare("gbsg", "rfstime", "status", "nodes", "size"),
    compare("gbsg", "rfstime", "status", "nodes", "size", timewt = "n/G2")))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/concordance.json")
