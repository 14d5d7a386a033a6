# One Cox model for each measurement of R's pbc data (some with missing values), per standard deviation of the patients
# used, alone and beside age and stage.
suppressMessages({library(survival); library(jsonlite)})

features <- c("bili", "chol", "albumin", "copper", "alk.phos", "ast", "trig", "platelet", "protime")
effects <- function(beside) {
  rows <- lapply(features, function(name) {
    used <- pbc[complete.cases(pbc[, c("time", "status", name, beside)]), ]
    used$x <- as.vector(scale(used[[name]]))
    formula <- reformulate(c("x", beside), "Surv(time, status == 2)")
    fit <- coxph(formula, data = used, control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 100))
    line <- summary(fit)$coefficients["x", ]
    interval <- exp(line["coef"] + c(-1, 1) * qnorm(0.975) * line["se(coef)"])
    list(hazardRatio = exp(line[["coef"]]), lower = interval[1], upper = interval[2], z = line[["z"]],
         p = line[["Pr(>|z|)"]], n = fit$n, events = fit$nevent)
  })
  column <- function(name) sapply(rows, function(row) row[[name]])
  list(beside = I(beside), hazardRatio = column("hazardRatio"), lower = column("lower"), upper = column("upper"),
       z = column("z"), p = column("p"), q = p.adjust(column("p"), "BH"), n = column("n"), events = column("events"))
}
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), features = features,
                  cases = list(effects(character(0)), effects(c("age", "stage")))),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/coxPerFeature.json")
