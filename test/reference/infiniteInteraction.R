# Tests of interaction in small cohorts where some coefficient is infinite: a level has few patients, whose first to die is in
# the one group, or none dies in the other. R's likelihoods still have a maximum to go to. Fixture: fixtures/infiniteInteraction.json.
library(survival)
library(jsonlite)

exact <- coxph.control(eps = 1e-13, iter.max = 60, toler.chol = 1e-14)
set.seed(20220601)
cases <- list()
for (k in 1:1500) {
  n <- sample(8:88, 1)
  levels <- sample(2:4, 1)
  level <- sample(levels, n, TRUE, prob = 1e-3 + runif(levels)^3)
  group <- rbinom(n, 1, runif(1, 0.1, 0.9))
  time <- 1 + floor(sample(3:300, 1) * rexp(n) * exp(-runif(1, -2, 2) * group * (level - 2)))
  event <- rbinom(n, 1, runif(1, 0.2, 1))
  if (length(unique(level)) < 2 || length(unique(group)) < 2 || sum(event) == 0) next
  level <- as.integer(factor(level))
  suppressWarnings({
    additive <- coxph(Surv(time, event) ~ group + factor(level), control = exact)
    crossed <- coxph(Surv(time, event) ~ group * factor(level), control = exact)
  })
  estimates <- coef(crossed)[!is.na(coef(crossed))]
  if (max(abs(estimates)) < 12) next
  cases[[length(cases) + 1]] <- list(time = time, event = event, group = group, level = level,
                                     statistic = max(0, 2 * (crossed$loglik[2] - additive$loglik[2])))
}
# One in four of them, and those that Newton's first step leaves furthest behind: a level of one or two patients.
few <- sapply(cases, function(one) min(table(one$level)) <= 2)
cases <- cases[few | seq_along(cases) %% 4 == 0]
fixture <- list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases)
write(toJSON(fixture, auto_unbox = TRUE, digits = NA), "fixtures/infiniteInteraction.json")
