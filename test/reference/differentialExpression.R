# Makes fixtures/differentialExpression.json: filter, TMM, log-CPM, lowess, voom, limma on real and on drawn data.
# Run from the top of the project: Rscript test/reference/differentialExpression.R
suppressMessages({library(limma); library(edgeR); library(Biobase)})
library(jsonlite)

set.seed(7)
each <- function(x, k = 7) x[unique(c(seq(1, length(x), by = k), length(x)))]

table <- function(fit) {
  t <- topTable(fit, coef = 2, number = Inf, sort.by = "none", confint = TRUE)
  list(logFC = t$logFC, lower = t$CI.L, upper = t$CI.R, mean = t$AveExpr, t = t$t, p = t$P.Value, q = t$adj.P.Val,
       b = t$B, dfPrior = if (is.finite(fit$df.prior[1])) fit$df.prior[1] else "Inf", dfTotal = fit$df.total[1],
       posterior = each(fit$s2.post))
}

# A quarter of Biobase's expression set (Affymetrix, 26 samples), as whole numbers: real dependence, real outliers.
data(sample.ExpressionSet)
e <- exprs(sample.ExpressionSet)
real <- round(pmax(e, 0))[seq(1, 500, by = 2), ]
pheno <- pData(sample.ExpressionSet)

genes <- 300
mu <- exp(rnorm(genes, 4, 1.6))
group <- rep(0:1, each = 6)
effect <- c(rep(1, 20), rep(-1, 20), rep(0, genes - 40))
size <- runif(12, 0.5, 2)
drawn <- sapply(1:12, function(s) rnbinom(genes, mu = mu * size[s] * 2^(effect * group[s]), size = 8))

counts <- function(name, m, group, covariate, factor) {
  keep <- filterByExpr(m, group = group)
  k <- m[keep, ]
  f <- calcNormFactors(k, method = "TMM")
  lib <- colSums(k) * f
  frame <- data.frame(group = group, covariate = covariate, factor = factor(factor))
  design <- model.matrix(~ group + covariate + factor, frame)
  v <- voom(k, design, lib.size = lib)
  fit <- eBayes(lmFit(v, design))
  cpm2 <- cpm(k, lib.size = lib, log = TRUE, prior.count = 2)
  trend <- eBayes(lmFit(cpm2, design), trend = TRUE)
  list(name = name, counts = unname(m), group = group, covariate = covariate, factor = as.character(factor),
       keep = as.integer(keep), factors = unname(f), logCpm = each(as.vector(cpm2), 23), voomE = each(as.vector(v$E), 23),
       weights = each(as.vector(v$weights), 23), voom = table(fit), trend = table(trend),
       plain = table(eBayes(lmFit(cpm2, model.matrix(~ group)))))
}
cases <- list(counts("drawn", drawn, group, round(rnorm(12), 2), rep(c("a", "b"), 6)),
              counts("expression set", real, as.integer(pheno$sex == "Female"), pheno$score, pheno$type))

xs <- list(cars$speed, faithful$eruptions, real[1, ], c(1, 1, 1, 2, 3, 3, 10))
ys <- list(cars$dist, faithful$waiting, real[2, ], c(1, 2, 3, 4, 5, 9, 2))
smooth <- lapply(seq_along(xs), function(i) { l <- lowess(xs[[i]], ys[[i]], f = 0.5)
  list(x = xs[[i]], y = ys[[i]], fx = l$x, fy = l$y) })
write(toJSON(list(R = R.version.string, limma = as.character(packageVersion("limma")),
                  edgeR = as.character(packageVersion("edgeR")), cases = cases, lowess = lapply(smooth, lapply, unname),
                  tetragamma = list(x = c(0.01, 0.5, 1, 3.7, 15, 200), y = psigamma(c(0.01, 0.5, 1, 3.7, 15, 200), 2)),
                  trigammaInverse = list(y = c(1e-8, 0.01, 0.3, 2, 50, 1e8), x = trigammaInverse(c(1e-8, 0.01, 0.3, 2, 50, 1e8)))),
             digits = NA, auto_unbox = TRUE), "test/reference/fixtures/differentialExpression.json")
