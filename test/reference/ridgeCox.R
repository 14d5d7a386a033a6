# Cox's model with a ridge penalty and Breslow's ties: truth for test/signatures/ridgeCox.test.ts
# Run from the project's top folder:  Rscript test/reference/ridgeCox.R
suppressMessages({library(survival); library(jsonlite)})
case <- function(data, y, variables, penalty) {
  d <- as.data.frame(getExportedValue("survival", data))
  x <- scale(as.matrix(d[, variables]))
  # ridge() penalises penalty / 2 * sum(coef^2)
  fit <- coxph(y(d) ~ ridge(x, theta = penalty, scale = FALSE), ties = "breslow",
               control = coxph.control(eps = 1e-14, toler.chol = 1e-15, iter.max = 200))
  zero <- coxph(y(d) ~ x, ties = "breslow", init = unname(coef(fit)), control = coxph.control(iter.max = 0))
  list(data = data, variables = I(variables), penalty = penalty, coef = I(unname(coef(fit))),
       logLikelihood = zero$loglik[2])
}
veteran <- c("age", "karno", "diagtime", "prior")
heart <- c("age", "year", "surgery")
right <- function(d) Surv(d$time, d$status)
entered <- function(d) Surv(d$start, d$stop, d$event)
out <- list(R = R.version.string, survival = as.character(packageVersion("survival")),
            cases = list(case("veteran", right, veteran, 0.5), case("veteran", right, veteran, 40),
                         case("heart", entered, heart, 5)))
write(toJSON(out, digits = NA, auto_unbox = TRUE), "test/reference/fixtures/ridgeCox.json")
