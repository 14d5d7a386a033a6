# Hazard ratio of a treatment along a score among many patients: truth for test/survival/treatmentEffectFits.test.ts, which
# makes the same patients by the same sums and products. Run in this folder; fixture: fixtures/effectOfMany.json.
suppressMessages({library(survival); library(Hmisc); library(jsonlite)})

n <- 20000
i <- seq_len(n)
turn <- function(k) (i * k) %% 1
treatment <- as.integer(turn(sqrt(2)) < 0.4)
score <- turn(sqrt(3)) * 10 + turn(sqrt(13)) * turn(sqrt(17)) * 5
hazard <- (1 + score / 10) * (1 + treatment * score * score / 40)
tight <- coxph.control(eps = 1e-14, iter.max = 100)
test <- function(smaller, larger) {
  a <- anova(smaller, larger)
  list(statistic = a$Chisq[2], df = a$Df[2], p = pchisq(a$Chisq[2], a$Df[2], lower.tail = FALSE))
}
cases <- list()
for (grid in c(1e6, 300)) for (count in 4:5) {
  died <- turn(sqrt(5)) * turn(sqrt(7)) / hazard
  left <- 0.05 + 0.9 * turn(sqrt(11))
  y <- Surv(floor(grid * pmin(died, left)) + 1, as.integer(died <= left))
  knots <- rcspline.eval(score, nk = count, knots.only = TRUE)
  spline <- rcspline.eval(score, knots = knots, inclx = TRUE)
  fit <- coxph(y ~ treatment * spline, control = tight)
  at <- c(1, 4, 7, 10)
  x <- cbind(1, rcspline.eval(at, knots = knots, inclx = TRUE))
  k <- length(coef(fit))
  of <- c(1, (k - ncol(spline) + 1):k)
  effect <- drop(x %*% coef(fit)[of])
  se <- sqrt(rowSums((x %*% vcov(fit)[of, of]) * x))
  z <- qnorm(0.975)
  cases[[length(cases) + 1]] <- list(
    grid = grid, count = count, events = fit$nevent, knots = as.numeric(knots), at = at,
    hazardRatio = exp(effect), lower = exp(effect - z * se), upper = exp(effect + z * se),
    interaction = test(coxph(y ~ treatment + spline, control = tight), fit),
    linear = test(coxph(y ~ treatment + score, control = tight), coxph(y ~ treatment * score, control = tight))
  )
}
fixture <- list(
  R = R.version.string, survival = as.character(packageVersion("survival")),
  Hmisc = as.character(packageVersion("Hmisc")), n = n, cases = cases
)
write(toJSON(fixture, auto_unbox = TRUE, digits = NA, pretty = TRUE), "fixtures/effectOfMany.json")
