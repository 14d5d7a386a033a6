# A forest of many patients, whose covariates and follow-up test/survival/cellMoments.test.ts makes by the same sums and
# products: nothing but arithmetic that is the same to the last bit everywhere. Fixture: fixtures/forestOfMany.json.
library(survival)
library(jsonlite)

n <- 20000
i <- seq_len(n)
turn <- function(k) (i * k) %% 1
group <- as.integer(turn(sqrt(2)) < 0.4)
level <- as.integer(turn(sqrt(3)) < 0.3) + as.integer(turn(sqrt(3)) < 0.02)
hazard <- (1 + group) * (1 + 0.5 * level * group + 0.2 * level)
cases <- list()
for (grid in c(1e6, 300)) {
  died <- turn(sqrt(5)) * turn(sqrt(7)) / hazard
  left <- 0.05 + 0.9 * turn(sqrt(11))
  event <- as.integer(died <= left)
  time <- floor(grid * pmin(died, left)) + 1
  additive <- coxph(Surv(time, event) ~ group + factor(level))
  crossed <- coxph(Surv(time, event) ~ group * factor(level))
  test <- anova(additive, crossed)
  rows <- lapply(0:2, function(l) {
    fit <- summary(coxph(Surv(time, event) ~ group, subset = level == l))
    part <- level == l
    list(
      hazardRatio = fit$conf.int[1], lower = fit$conf.int[3], upper = fit$conf.int[4], p = fit$coefficients[5],
      n = c(sum(part & group == 0), sum(part & group == 1)),
      events = c(sum(event[part & group == 0]), sum(event[part & group == 1]))
    )
  })
  cases[[length(cases) + 1]] <- list(
    grid = grid, distinct = length(unique(time)), rows = rows,
    interaction = list(statistic = test$Chisq[2], df = test$Df[2], p = test$`Pr(>|Chi|)`[2])
  )
}
fixture <- list(
  R = R.version.string, survival = as.character(packageVersion("survival")), n = n, cases = cases
)
write(toJSON(fixture, auto_unbox = TRUE, digits = NA, pretty = TRUE), "fixtures/forestOfMany.json")
