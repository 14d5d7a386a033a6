# Nomograms: truth for test/survival/nomogramPoints.test.ts
# Run from the project's top folder:  Rscript test/reference/nomogramPoints.R
suppressMessages({library(survival); library(rms); library(jsonlite)})
options(digits = 15)
case <- function(data, event, time, formula, horizons, factors = list(), splines = c()) {
  d <- as.data.frame(getExportedValue("survival", data))
  d$.time <- as.numeric(d[[time]]); d$.event <- as.integer(event(d))
  for (f in names(factors)) d[[f]] <- factor(as.character(d[[f]]), levels = factors[[f]])
  variables <- setdiff(all.vars(formula), c(".time", ".event"))
  d <- d[complete.cases(d[, c(".time", ".event", variables)]), c(".time", ".event", variables)]
  dd <<- datadist(d); options(datadist = "dd")
  fit <- cph(formula, data = d, x = TRUE, y = TRUE, surv = TRUE, eps = 1e-14, iter.max = 100)
  s0 <- summary(survfit(fit, newdata = d[1, ]), times = horizons)$surv   # at the first patient's covariates
  s0 <- s0^exp(-fit$linear.predictors[1])
  nom <- nomogram(fit, fun = lapply(s0, function(s) function(lp) s^exp(lp)),
                  funlabel = paste0("S", seq_along(horizons)))
  info <- attr(nom, "info")
  axis <- function(v) {
    a <- nom[[v]]
    list(name = v, at = if (is.factor(a[[1]])) as.character(a[[1]]) else a[[1]], effect = unname(a$Xbeta), points = unname(a$points))
  }
  term <- function(v) {
    cf <- unname(fit$coefficients[sub("('+|=.*)$", "", names(fit$coefficients)) == v])   # v, v', v=level
    if (v %in% names(factors)) list(kind = "factor", levels = factors[[v]], coef = I(cf))
    else if (v %in% splines) list(kind = "spline", coef = I(cf), knots = unname(fit$Design$parms[[v]]))
    else list(kind = "linear", coef = cf)
  }
  list(data = data, variables = variables, n = nrow(d), terms = setNames(lapply(variables, term), variables),
       center = unname(fit$center), horizons = I(horizons), baseline = I(unname(s0)),
       linearPredictorRange = range(fit$linear.predictors), pointsPerUnit = info$sc, intercept = unname(info$Intercept),
       axes = lapply(variables, axis), totalPoints = nom$total.points$x,
       lp = list(at = nom$lp$x.real, totalPoints = nom$lp$x),
       survival = lapply(seq_along(horizons), function(h) list(at = nom[[paste0("S", h)]]$x.real,
                                                                totalPoints = nom[[paste0("S", h)]]$x)))
}
cases <- list(
  case("lung", function(d) d$status == 2, "time", Surv(.time, .event) ~ age + sex + ph.karno, c(180, 365)),
  case("veteran", function(d) d$status == 1, "time", Surv(.time, .event) ~ karno + celltype + age, c(90, 180),
       factors = list(celltype = c("squamous", "smallcell", "adeno", "large"))),
  case("pbc", function(d) d$status == 2, "time", Surv(.time, .event) ~ rcs(bili, 4) + rcs(age, 3) + albumin + stage,
       c(1826, 3652), factors = list(stage = c("1", "2", "3", "4")), splines = c("bili", "age")),
  case("gbsg", function(d) d$status == 1, "rfstime", Surv(.time, .event) ~ rcs(age, 5) + nodes + grade + hormon, c(730, 1826),
       factors = list(grade = c("1", "2", "3")), splines = "age"),
  case("rotterdam", function(d) d$death == 1, "dtime", Surv(.time, .event) ~ rcs(age, 4) + size + nodes,
       c(1826.25, 3652.5), factors = list(size = c("<=20", "20-50", ">50")), splines = "age"))
write(toJSON(list(R = R.version.string, rms = as.character(packageVersion("rms")), cases = cases), digits = NA,
             auto_unbox = TRUE), "test/reference/fixtures/nomogramPoints.json")
