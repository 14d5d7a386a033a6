# Makes fixtures/robustModeratedT.json: limma's robust empirical Bayes, with and without trend, on Biobase's expression set,
# on drawn genes some of which vary far more than the others, and on drawn genes that vary no more than chance has it.
# Run from the top of the project: Rscript test/reference/robustModeratedT.R
suppressMessages({library(limma); library(Biobase); library(jsonlite)})

# limma stops its search for the prior degrees of freedom at 1e-8; a reference should not.
exact <- eval(parse(text = sub("tol = 1e-08", "tol = 1e-14", deparse(limma::fitFDistRobustly), fixed = TRUE)),
              asNamespace("limma"))
environment(exact) <- asNamespace("limma")
assignInNamespace("fitFDistRobustly", exact, "limma")

number <- function(x) ifelse(is.finite(x), x, "Inf")
table <- function(fit) {
  t <- topTable(fit, coef = 2, number = Inf, sort.by = "none", confint = TRUE)
  list(lower = t$CI.L, t = t$t, p = t$P.Value, q = t$adj.P.Val, b = t$B, dfPrior = number(fit$df.prior),
       dfTotal = fit$df.total)
}
case <- function(name, values, group) {
  fit <- lmFit(values, model.matrix(~ group))
  list(name = name, values = unname(signif(values, 12)), group = group, plain = table(eBayes(fit, robust = TRUE)),
       trend = table(eBayes(fit, robust = TRUE, trend = TRUE)))
}

data(sample.ExpressionSet)
real <- signif(log2(pmax(exprs(sample.ExpressionSet), 1))[seq(1, 500, by = 4), ], 12)
set.seed(11)
drawn <- function(sd, samples) signif(t(sapply(sd, function(s) rnorm(samples, 8, s))), 12)
outliers <- drawn(c(sqrt(0.2 / rchisq(110, 8) * 8), rep(4, 6)), 8)
alike <- drawn(rep(0.5, 100), 10)
write(toJSON(list(R = R.version.string, limma = as.character(packageVersion("limma")),
                  cases = list(case("expression set", real, as.integer(pData(sample.ExpressionSet)$sex == "Female")),
                               case("outliers", outliers, rep(0:1, 4)),
                               case("alike, two outliers", rbind(alike, drawn(c(5, 9), 10)), rep(0:1, 5)),
                               case("alike", alike, rep(0:1, 5)))),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/robustModeratedT.json")
