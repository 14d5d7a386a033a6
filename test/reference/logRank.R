# Makes fixtures/logRank.json: survdiff, and weighted and trend tests written out from their definitions.
# Run from the top of the project: Rscript test/reference/logRank.R
suppressMessages(library(survival))
library(jsonlite)

upper <- function(x, df) pchisq(x, df, lower.tail = FALSE)
read <- function(data, expr) if (is.null(expr)) NULL else eval(parse(text = expr), get(data))

survdiffCase <- function(data, time, event, group, strata = NULL, rho = 0) {
  t <- read(data, time); e <- read(data, event); g <- read(data, group); s <- read(data, strata)
  fit <- if (is.null(s)) survdiff(Surv(t, e) ~ g, rho = rho) else survdiff(Surv(t, e) ~ g + strata(s), rho = rho)
  sum2 <- function(x) if (is.matrix(x)) rowSums(x) else x
  df <- sum(sum2(fit$exp) > 0) - 1
  list(data = data, time = time, event = event, group = group, strata = strata, rho = rho, chiSquare = fit$chisq, df = df,
       p = upper(fit$chisq, df), observed = unname(sum2(fit$obs)), expected = unname(sum2(fit$exp)), n = as.vector(unname(sum2(fit$n))))
}

# The weighted family straight from its sums over event times, an independent way round.
weighted <- function(t, e, g, weight) {
  ok <- !is.na(t) & !is.na(e) & !is.na(g)
  t <- t[ok]; e <- e[ok]; g <- factor(g[ok])
  k <- nlevels(g)
  u <- numeric(k); V <- matrix(0, k, k); S <- 1; modified <- 1
  for (at in sort(unique(t[e == 1]))) {
    n <- sum(t >= at); d <- sum(t == at & e == 1)
    ng <- as.vector(table(g[t >= at])); dg <- as.vector(table(g[t == at & e == 1]))
    modified <- modified * (1 - d / (n + 1))
    w <- weight(n, S, modified)
    u <- u + w * (dg - d * ng / n)
    if (n > 1) V <- V + w^2 * d * (n - d) / (n - 1) * (diag(ng / n, k) - outer(ng / n, ng / n))
    S <- S * (1 - d / n)
  }
  list(u = u, V = V)
}
weightedCase <- function(data, time, event, group, options, weight) {
  m <- weighted(read(data, time), read(data, event), read(data, group), weight)
  chi <- drop(m$u[-1] %*% solve(m$V[-1, -1], m$u[-1]))
  list(data = data, time = time, event = event, group = group, options = options, chiSquare = chi, df = length(m$u) - 1,
       p = upper(chi, length(m$u) - 1))
}
trendCase <- function(data, time, event, group, scores) {
  m <- weighted(read(data, time), read(data, event), read(data, group), function(n, S, m) 1)
  chi <- sum(scores * m$u)^2 / drop(scores %*% m$V %*% scores)
  list(data = data, time = time, event = event, group = group, scores = scores, chiSquare = chi, p = upper(chi, 1))
}
pairwiseCase <- function(data, time, event, group) {
  d <- data.frame(t = read(data, time), e = read(data, event), g = factor(read(data, group)))
  levels <- levels(d$g)
  pairs <- combn(levels, 2)
  p <- apply(pairs, 2, function(pair) {
    fit <- survdiff(Surv(t, e) ~ g, data = droplevels(d[d$g %in% pair, ]))
    upper(fit$chisq, 1)
  })
  list(data = data, time = time, event = event, group = group, first = pairs[1, ], second = pairs[2, ], p = p,
       BH = p.adjust(p, "BH"), holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni"))
}

out <- list(
  source = "test/reference/logRank.R", R = R.version.string, survival = as.character(packageVersion("survival")),
  survdiff = list(
    survdiffCase("lung", "time", "status - 1", "sex"),
    survdiffCase("lung", "time", "status - 1", "sex", rho = 1),
    survdiffCase("lung", "time", "status - 1", "ph.ecog"),
    survdiffCase("lung", "time", "status - 1", "sex", strata = "inst"),
    survdiffCase("veteran", "time", "status", "celltype"),
    survdiffCase("veteran", "time", "status", "celltype", rho = 1),
    survdiffCase("veteran", "time", "status", "celltype", strata = "trt", rho = 0.5),
    survdiffCase("ovarian", "futime", "fustat", "rx"),
    survdiffCase("colon", "time", "status", "rx", strata = "etype"),
    survdiffCase("pbc", "time", "as.numeric(status == 2)", "stage"),
    survdiffCase("rotterdam", "dtime", "death", "size"),
    survdiffCase("rotterdam", "dtime", "death", "as.numeric(nodes > 3)"),
    survdiffCase("gbsg", "rfstime", "status", "grade"),
    survdiffCase("kidney", "time", "status", "disease"),
    survdiffCase("mgus2", "futime", "death", "sex")
  ),
  weighted = list(
    weightedCase("veteran", "time", "status", "celltype", list(weight = "gehan"), function(n, S, m) n),
    weightedCase("lung", "time", "status - 1", "ph.ecog", list(weight = "tarone-ware"), function(n, S, m) sqrt(n)),
    weightedCase("lung", "time", "status - 1", "sex", list(weight = "modified-peto"), function(n, S, m) m),
    weightedCase("gbsg", "rfstime", "status", "grade", list(rho = 0, gamma = 1), function(n, S, m) 1 - S),
    weightedCase("gbsg", "rfstime", "status", "grade", list(rho = 1, gamma = 1), function(n, S, m) S * (1 - S)),
    weightedCase("lung", "time", "status - 1", "sex", list(rho = 0.5, gamma = 2), function(n, S, m) S^0.5 * (1 - S)^2)
  ),
  trend = list(
    trendCase("gbsg", "rfstime", "status", "grade", c(1, 2, 3)),
    trendCase("lung", "time", "status - 1", "ph.ecog", c(0, 1, 2, 3)),
    trendCase("pbc", "time", "as.numeric(status == 2)", "stage", c(1, 2, 4, 8))
  ),
  pairwise = list(
    pairwiseCase("veteran", "time", "status", "celltype"),
    pairwiseCase("rotterdam", "dtime", "death", "size")
  ),
  adjust = {
    p <- c(0.01, 0.04, 0.03, NA, 1e-40, 0.5, 0.04, 1)
    list(p = p, BH = p.adjust(p, "BH"), holm = p.adjust(p, "holm"), bonferroni = p.adjust(p, "bonferroni"))
  },
  distributions = list(
    chiSquare = lapply(list(c(0.5, 1), c(1390, 1), c(3, 2), c(900, 7), c(25, 10), c(2000, 250), c(1e-8, 3)),
                       function(a) list(x = a[1], df = a[2], p = upper(a[1], a[2]))),
    normal = lapply(c(-3, 0, 1.959963984540054, 8, 20, 37), function(z) list(z = z, upper = pnorm(z, lower.tail = FALSE), twoSided = 2 * pnorm(-abs(z)), density = dnorm(z))),
    quantile = lapply(c(1e-300, 1e-20, 0.001, 0.025, 0.4, 0.5, 0.6, 0.975, 0.999999), function(p) list(p = p, z = qnorm(p))),
    f = lapply(list(c(3, 2, 30), c(900, 1, 12), c(0.2, 4, 5)), function(a) list(x = a[1], df1 = a[2], df2 = a[3], p = pf(a[1], a[2], a[3], lower.tail = FALSE))),
    t = lapply(list(c(2, 5), c(-60, 30), c(0.1, 2.5)), function(a) list(t = a[1], df = a[2], p = 2 * pt(-abs(a[1]), a[2])))
  )
)
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/logRank.json")
