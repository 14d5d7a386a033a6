# What the treatment page must show for selections of R's rotterdam data: truth for test/components/treatmentAnswer.test.ts
# Run from the project's top folder:  Rscript test/reference/treatmentPage.R
suppressMessages({library(survival); library(jsonlite)})
tight <- suppressWarnings(coxph.control(eps = 1e-14, iter.max = 100))
d <- rotterdam
d$score <- d$age / 40 + log1p(d$nodes)
d$high <- as.numeric(d$score > median(d$score))
d$time <- d$dtime; d$event <- d$death
d$size <- factor(d$size, levels = c("<=20", "20-50", ">50"))
d$grade <- factor(d$grade)

line <- function(fit, j) {
  s <- summary(fit)
  c(hazardRatio = s$conf.int[j, 1], lower = s$conf.int[j, 3], upper = s$conf.int[j, 4], p = s$coefficients[j, ncol(s$coefficients)])
}
effect <- function(d, group, w = NULL) {
  d$g <- d[[group]]; d$w <- if (is.null(w)) 1 else w
  fit <- if (is.null(w)) coxph(Surv(time, event) ~ g, d, control = tight)
    else coxph(Surv(time, event) ~ g, d, weights = w, robust = TRUE, control = tight)
  c(list(n = as.vector(table(factor(d$g, 0:1))), events = as.vector(tapply(d$event, factor(d$g, 0:1), sum))),
    as.list(line(fit, 1)))
}
case <- function(name, d, treatment, covariates) {
  d$t <- d[[treatment]]
  small <- coxph(Surv(time, event) ~ t + high, d, control = tight)
  large <- coxph(Surv(time, event) ~ t * high, d, control = tight)
  chi <- 2 * (large$loglik[2] - small$loglik[2])
  # at the solution, as tight as glm's rank test allows
  fit <- glm(reformulate(covariates, "t"), binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))
  e <- fitted(fit); s <- mean(d$t)
  d$w <- ifelse(d$t == 1, s / e, (1 - s) / (1 - e))
  ess <- function(w) sum(w)^2 / sum(w^2)
  curve <- function(g) {
    f <- summary(survfit(Surv(time, event) ~ 1, d[d$t == g, ], weights = w, conf.type = "log-log", robust = TRUE), times = 1826.25)
    c(survival = f$surv, standardError = f$std.err, lower = f$lower, upper = f$upper)
  }
  crossed <- coxph(Surv(time, event) ~ t * high, d, weights = w, robust = TRUE, control = tight)
  numeric <- covariates[sapply(d[covariates], is.numeric)]
  smd <- function(v, w) {
    x <- d[[v]]; spread <- function(x) if (all(x %in% 0:1)) mean(x) * (1 - mean(x)) else var(x)
    (weighted.mean(x[d$t == 1], w[d$t == 1]) - weighted.mean(x[d$t == 0], w[d$t == 0])) /
      sqrt((spread(x[d$t == 1]) + spread(x[d$t == 0])) / 2)
  }
  list(name = name, treatment = treatment, covariates = covariates, overall = effect(d, "t"),
       byRisk = lapply(0:1, function(h) effect(d[d$high == h, ], "t")),
       riskByTreatment = lapply(0:1, function(g) effect(d[d$t == g, ], "high")),
       interaction = list(statistic = chi, df = 1, p = pchisq(chi, 1, lower.tail = FALSE)),
       ratio = as.list(line(large, 3)),
       weights = list(range = range(d$w), sum = sum(d$w), effective = c(ess(d$w[d$t == 0]), ess(d$w[d$t == 1])),
                      before = sapply(numeric, smd, rep(1, nrow(d))), after = sapply(numeric, smd, d$w)),
       curves = lapply(0:1, function(g) as.list(curve(g))), weighted = effect(d, "t", d$w),
       weightedByRisk = lapply(0:1, function(h) effect(d[d$high == h, ], "t", d$w[d$high == h])),
       weightedRatio = as.list(line(crossed, 3)))
}
covariates <- c("score", "meno", "size", "grade", "pgr")
later <- d[d$nodes > 0 & d$time > 365, ]
cases <- list(case("everyone, chemotherapy", d, "chemo", covariates), case("everyone, hormones", d, "hormon", covariates),
              case("positive nodes after a year, hormones", later, "hormon", c("score", "age", "grade")))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases), digits = NA,
             auto_unbox = TRUE, na = "null"), "test/reference/fixtures/treatmentPage.json")
