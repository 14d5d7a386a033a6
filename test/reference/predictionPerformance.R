# Time-dependent AUC, Brier score and integrated Brier score: truth for test/survival/{timeDependentAuc,brierScore}.test.ts
# Run from the project's top folder:  Rscript test/reference/predictionPerformance.R
# Inputs are columns of test/reference/datasets; the risk at each horizon is plogis(a + b * x), so that both sides can
# make it from the column alone.
suppressMessages({library(survival); library(riskRegression); library(jsonlite)})
event_of <- list(lung = function(d) d$status == 2, veteran = function(d) d$status == 1, pbc = function(d) d$status == 2,
                 rotterdam = function(d) d$death == 1, gbsg = function(d) d$status == 1, colon = function(d) d$status == 1,
                 ovarian = function(d) d$fustat == 1, mgus2 = function(d) d$death == 1)
time_of <- list(lung = "time", veteran = "time", pbc = "time", rotterdam = "dtime", gbsg = "rfstime", colon = "time",
                ovarian = "futime", mgus2 = "futime")
case <- function(data, score, reference, times, a, b) {
  d <- as.data.frame(getExportedValue("survival", data))
  d <- data.frame(time = as.numeric(d[[time_of[[data]]]]), event = as.integer(event_of[[data]](d)),
                  score = as.numeric(d[[score]]), reference = as.numeric(d[[reference]]))
  d <- d[complete.cases(d), ]
  auc <- Score(list(reference = d$reference, score = d$score), Surv(time, event) ~ 1, data = d, times = times,
               metrics = "auc", null.model = FALSE)$AUC
  risk <- sapply(a, function(ai) plogis(ai + b * d$score))
  brier <- Score(list(risk = risk), Surv(time, event) ~ 1, data = d, times = times, metrics = "brier",
                 summary = "ibs")$Brier$score
  s <- as.data.frame(auc$score); k <- as.data.frame(auc$contrasts); bm <- as.data.frame(brier)
  pick <- function(x) list(auc = x$AUC, standardError = x$se, lower = x$lower, upper = x$upper)
  model <- bm[bm$model == "risk", ]; empty <- bm[bm$model == "Null model", ]
  list(data = data, time = time_of[[data]], score = score, reference = reference, times = times, a = a, b = b, n = nrow(d),
       auc = pick(s[s$model == "score", ]), aucReference = pick(s[s$model == "reference", ]),
       difference = list(difference = k$delta.AUC, standardError = k$se, lower = k$lower, upper = k$upper, p = k$p),
       brier = list(brier = model$Brier, standardError = model$se, lower = model$lower, upper = model$upper,
                    nullBrier = empty$Brier, nullStandardError = empty$se, integrated = model$IBS))
}
cases <- list(
  case("lung", "ph.ecog", "age", c(180, 365, 550), c(-1.2, 0, 1), 0.5),
  case("veteran", "diagtime", "age", c(30, 90, 180, 365), c(-1, 0.2, 1, 2), 0.02),
  case("pbc", "bili", "age", c(1000, 2000, 3000), c(-2.5, -1.8, -1), 0.25),
  case("rotterdam", "nodes", "age", c(365.25, 1826.25, 3652.5), c(-3.5, -1, 0), 0.1),
  case("gbsg", "nodes", "size", c(500, 1000, 1500, 2000), c(-1.5, -0.6, 0, 0.3), 0.06),
  case("colon", "nodes", "age", c(365, 1000, 2000), c(-1.5, -0.5, 0), 0.1),
  case("ovarian", "age", "resid.ds", c(300, 450, 600), c(-8, -7, -6.5), 0.11),
  case("mgus2", "age", "creat", c(24, 60, 120, 240), c(-8, -7, -6, -5), 0.08))
write(toJSON(list(R = R.version.string, riskRegression = as.character(packageVersion("riskRegression")), cases = cases),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/predictionPerformance.json")
