# Logistic regression, inverse-probability weights and balance: truth for
# test/survival/{logisticRegression,inverseProbabilityWeights}.test.ts
# Run from the project's top folder:  Rscript test/reference/inverseProbabilityWeights.R
suppressMessages({library(survival); library(jsonlite)})
ess <- function(w) sum(w)^2 / sum(w^2)
case <- function(data, treatment, value, terms, factors = list()) {
  d <- as.data.frame(getExportedValue("survival", data))
  d$treated <- as.integer(as.character(d[[treatment]]) == value)
  for (f in names(factors)) d[[f]] <- factor(as.character(d[[f]]), levels = factors[[f]])
  d <- d[complete.cases(d[, c("treated", terms)]), ]
  fit <- glm(reformulate(terms, "treated"), binomial, d, control = glm.control(epsilon = 1e-14, maxit = 100))
  e <- fitted(fit); z <- d$treated; s <- mean(z)
  plain <- ifelse(z == 1, 1 / e, 1 / (1 - e))
  stable <- ifelse(z == 1, s / e, (1 - s) / (1 - e))
  att <- ifelse(z == 1, 1, e / (1 - e))
  q <- quantile(stable, c(0.05, 0.95)); cut <- pmin(pmax(stable, q[1]), q[2])
  columns <- do.call(c, lapply(terms, function(v) {
    x <- d[[v]]
    if (is.factor(x)) lapply(levels(x), function(l) list(term = v, level = l, x = as.numeric(x == l)))
    else list(list(term = v, level = NA, x = as.numeric(x)))
  }))
  spread <- function(x) if (all(x %in% 0:1)) mean(x) * (1 - mean(x)) else var(x)
  balance <- lapply(columns, function(b) {
    sd <- sqrt((spread(b$x[z == 1]) + spread(b$x[z == 0])) / 2)
    wm <- function(g) weighted.mean(b$x[z == g], stable[z == g])
    list(term = b$term, level = b$level, before = c(mean(b$x[z == 0]), mean(b$x[z == 1])), after = c(wm(0), wm(1)),
         differenceBefore = (mean(b$x[z == 1]) - mean(b$x[z == 0])) / sd, differenceAfter = (wm(1) - wm(0)) / sd)
  })
  # glm reports the information of its last but one iterate; at the solution it is
  se <- unname(sqrt(diag(solve(crossprod(model.matrix(fit) * sqrt(e * (1 - e)))))))
  full <- coef(fit)
  list(data = data, treatment = treatment, value = value, terms = terms, factors = factors, n = nrow(d),
       names = names(full), coef = I(unname(full)), standardError = se, p = unname(2 * pnorm(-abs(full / se))),
       deviance = fit$deviance, nullDeviance = fit$null.deviance, propensity = unname(head(e, 12)),
       plain = unname(head(plain, 12)), stable = unname(head(stable, 12)), att = unname(head(att, 12)),
       truncated = unname(head(cut, 12)), sums = c(sum(plain), sum(stable), sum(att), sum(cut)),
       ess = c(ess(stable[z == 0]), ess(stable[z == 1])), balance = balance)
}
cases <- list(
  case("lung", "sex", "2", c("age", "ph.karno", "wt.loss")),
  case("veteran", "trt", "2", c("karno", "celltype", "age", "prior"),
       factors = list(celltype = c("squamous", "smallcell", "adeno", "large"))),
  case("pbc", "trt", "1", c("age", "bili", "albumin", "stage", "sex"),
       factors = list(stage = c("1", "2", "3", "4"), sex = c("m", "f"))),
  case("rotterdam", "hormon", "1", c("age", "nodes", "pgr", "size", "meno", "grade"),
       factors = list(size = c("<=20", "20-50", ">50"))),
  case("gbsg", "hormon", "1", c("age", "meno", "size", "nodes", "er")),
  case("colon", "rx", "Lev+5FU", c("age", "sex", "obstruct", "nodes", "differ"), factors = list(differ = c("1", "2", "3"))))

d <- survival::lung; d$double <- 2 * d$age + 1
d <- d[complete.cases(d[, c("sex", "age", "ph.karno")]), ]
fit <- glm(sex == 2 ~ age + double + ph.karno, binomial, d)   # a tighter epsilon would loosen R's rank test
write(toJSON(list(R = R.version.string, cases = cases, collinear = list(coef = unname(coef(fit)), deviance = fit$deviance)),
             digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/inverseProbabilityWeights.json")
