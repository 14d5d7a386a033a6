# Makes fixtures/coxph.json: coxph, converged tightly, with what is derived from it.
# Run from the top of the project: Rscript test/reference/coxph.R
suppressMessages(library(survival))
library(jsonlite)

control <- coxph.control(eps = 1e-14, iter.max = 100, toler.inf = 1e-7)
each <- function(x, k) x[unique(c(seq(1, length(x), by = k), length(x)))]

# `formula` is R's; `terms`, `interactions`, … say the same to the tests.
case <- function(name, data, formula, terms, interactions = list(), strata = NULL, ties = "efron", entry = NULL, time,
                 event, weight = NULL, cluster = NULL, robust = NULL, newdata = NULL, times = NULL) {
  d <- get(data)
  d$i <- seq_len(nrow(d))
  args <- list(as.formula(formula), data = quote(d), ties = ties, control = control)
  if (!is.null(weight)) { d$w <- eval(parse(text = weight), d); args$weights <- quote(w) }
  if (!is.null(cluster)) { d$cl <- d[[cluster]]; args$cluster <- quote(cl) }
  if (!is.null(robust)) args$robust <- robust
  fit <- suppressWarnings(do.call(coxph, args))
  s <- summary(fit)
  p <- length(coef(fit))
  naive <- if (is.null(fit$naive.var)) sqrt(diag(fit$var)) else sqrt(diag(fit$naive.var))
  lr <- 2 * diff(fit$loglik)
  df <- sum(!is.na(coef(fit)))
  base <- basehaz(fit, centered = FALSE)
  out <- list(name = name, data = data, terms = terms, interactions = interactions, strata = strata, ties = ties,
    entry = entry, time = time, event = event, weight = weight, cluster = cluster, robust = robust,
    names = I(names(coef(fit))), coef = I(unname(coef(fit))), standardError = I(unname(ifelse(is.na(coef(fit)), NA, sqrt(diag(fit$var))))),
    naive = I(ifelse(is.na(coef(fit)), NA, naive)),
    logLikelihood = fit$loglik, n = fit$n, events = fit$nevent,
    likelihoodRatio = list(statistic = lr, df = df, p = pchisq(lr, df, lower.tail = FALSE)),
    score = list(statistic = fit$score, df = df, p = pchisq(fit$score, df, lower.tail = FALSE)),
    wald = list(statistic = fit$wald.test, df = df, p = pchisq(fit$wald.test, df, lower.tail = FALSE)),
    z = I(unname(s$coefficients[, "z"])), p = I(unname(s$coefficients[, ncol(s$coefficients)])),
    baseline = list(rows = nrow(base), time = each(base$time, 25), hazard = each(base$hazard, 25)),
    martingale = each(unname(residuals(fit, "martingale")), 23),
    deviance = each(unname(residuals(fit, "deviance")), 23),
    scoreResiduals = lapply(seq_len(p), function(j) each(as.matrix(residuals(fit, "score"))[, j], 23)),
    dfbeta = lapply(seq_len(p), function(j) each(as.matrix(residuals(fit, "dfbeta"))[, j], 23)),
    schoenfeld = lapply(seq_len(p), function(j) each(sort(as.matrix(residuals(fit, "schoenfeld"))[, j]), 11)))
  if (df == p) {
    out$zph <- lapply(c("km", "identity", "rank", "log"), function(transform) {
      z <- cox.zph(fit, transform = transform)$table
      list(transform = transform, term = I(rownames(z)), chiSquare = I(unname(z[, "chisq"])), df = I(unname(z[, "df"])), p = I(unname(z[, "p"])))
    })
    out$scaled <- lapply(seq_len(p), function(j) each(sort(as.matrix(residuals(fit, "scaledsch"))[, j]), 11))
  }
  if (!is.null(newdata)) {
    out$newdata <- newdata
    out$times <- times
    out$predicted <- lapply(c("log-log", "log", "plain"), function(interval) {
      curve <- summary(survfit(fit, newdata = as.data.frame(newdata), conf.type = interval), times = times, extend = TRUE)
      list(interval = interval, survival = curve$surv, standardError = curve$std.err, lower = curve$lower, upper = curve$upper)
    })
  }
  out
}

lung$ecog <- factor(lung$ph.ecog)
lung$f <- factor(lung$sex)
kidney$disease <- factor(kidney$disease)
pbc$dead <- as.numeric(pbc$status == 2)
lung$inst <- factor(lung$inst)
rotterdam$cubed <- rotterdam$nodes^3
ovarian$flat <- 3
ovarian$double <- 2 * ovarian$age - 1
separated <- data.frame(time = c(1, 2, 3, 4, 5, 6, 7, 8), event = c(1, 1, 1, 0, 0, 0, 1, 0), x = c(1, 1, 1, 0, 0, 0, 1, 0), z = c(3, 1, 4, 1, 5, 9, 2, 6))

cases <- list(
  case("one covariate", "lung", "Surv(time, status - 1) ~ age", list("age"), time = "time", event = "status - 1",
       newdata = list(age = c(50, 70)), times = c(50, 200, 365, 700)),
  case("factor and numbers", "lung", "Surv(time, status - 1) ~ age + ecog + ph.karno + wt.loss", list("age", "ecog", "ph.karno", "wt.loss"),
       time = "time", event = "status - 1"),
  case("breslow", "veteran", "Surv(time, status) ~ trt + celltype + karno", list("trt", "celltype", "karno"), ties = "breslow", time = "time", event = "status",
       newdata = list(trt = c(1, 2), celltype = c("large", "squamous"), karno = c(30, 80)), times = c(10, 100, 400)),
  case("efron", "veteran", "Surv(time, status) ~ trt + celltype + karno", list("trt", "celltype", "karno"), time = "time", event = "status"),
  case("strata", "veteran", "Surv(time, status) ~ karno + age + strata(celltype)", list("karno", "age"), strata = "celltype", time = "time", event = "status"),
  case("interaction", "veteran", "Surv(time, status) ~ karno + celltype + karno:celltype", list("karno", "celltype"), interactions = list(c("karno", "celltype")), time = "time", event = "status"),
  case("start-stop", "heart", "Surv(start, stop, event) ~ age + surgery + transplant", list("age", "surgery", "transplant"), entry = "start", time = "stop", event = "event",
       newdata = list(age = c(-10, 5), surgery = c(0, 1), transplant = factor(c(0, 1))), times = c(5, 80, 600)),
  case("start-stop, strata", "heart", "Surv(start, stop, event) ~ age + year + strata(surgery)", list("age", "year"), strata = "surgery", entry = "start", time = "stop", event = "event"),
  case("cluster", "kidney", "Surv(time, status) ~ age + sex + disease", list("age", "sex", "disease"), cluster = "id", time = "time", event = "status"),
  case("robust", "colon", "Surv(time, status) ~ age + nodes + obstruct", list("age", "nodes", "obstruct"), robust = TRUE, time = "time", event = "status"),
  case("whole weights", "ovarian", "Surv(futime, fustat) ~ age + rx", list("age", "rx"), weight = "1 + i %% 3", time = "futime", event = "fustat"),
  case("fractional weights", "ovarian", "Surv(futime, fustat) ~ age + rx", list("age", "rx"), weight = "0.5 + (i %% 4) / 3", time = "futime", event = "fustat",
       newdata = list(age = c(45, 60), rx = c(1, 2)), times = c(150, 400)),
  case("constant and collinear", "ovarian", "Surv(futime, fustat) ~ age + flat + double + rx", list("age", "flat", "double", "rx"), time = "futime", event = "fustat"),
  case("pbc", "pbc", "Surv(time, dead) ~ age + log(bili) + albumin + edema", list("age", "log(bili)", "albumin", "edema"), time = "time", event = "as.numeric(status == 2)"),
  case("gbsg", "gbsg", "Surv(rfstime, status) ~ hormon + size + nodes + pgr", list("hormon", "size", "nodes", "pgr"), time = "rfstime", event = "status"),
  case("rotterdam", "rotterdam", "Surv(dtime, death) ~ age + nodes + meno + grade + chemo", list("age", "nodes", "meno", "grade", "chemo"), time = "dtime", event = "death"),
  case("a covariate of a few large values", "rotterdam", "Surv(dtime, death) ~ cubed + age", list("cubed", "age"), time = "dtime", event = "death"),
  case("many levels, some of few patients", "lung", "Surv(time, status - 1) ~ inst + age", list("inst", "age"), time = "time", event = "status - 1"),
  case("mgus2", "mgus2", "Surv(futime, death) ~ age + sex + mspike", list("age", "sex", "mspike"), time = "futime", event = "death"),
  case("myeloid", "myeloid", "Surv(futime, death) ~ trt + sex", list("trt", "sex"), time = "futime", event = "death")
)
sepfit <- suppressWarnings(coxph(Surv(time, event) ~ x, separated))
nested <- lapply(list(c("lung", "Surv(time, status - 1) ~ age", "Surv(time, status - 1) ~ age + ecog"),
                      c("veteran", "Surv(time, status) ~ karno", "Surv(time, status) ~ karno + celltype + karno:celltype")), function(m) {
  d <- get(m[1])
  d <- d[complete.cases(d[all.vars(as.formula(m[3]))]), ]
  a <- anova(coxph(as.formula(m[2]), d, control = control), coxph(as.formula(m[3]), d, control = control))
  list(data = m[1], statistic = a$Chisq[2], df = a$Df[2], p = a[["Pr(>|Chi|)"]][2])
})
by_level <- function(name, time, event, group, subgroup) {
  d <- get(name)
  d <- data.frame(t = eval(parse(text = time), d), e = eval(parse(text = event), d), g = as.numeric(factor(d[[group]])) - 1, s = d[[subgroup]])
  d <- d[complete.cases(d), ]
  d$s <- factor(d$s)
  a <- anova(coxph(Surv(t, e) ~ g + s, d, control = control), coxph(Surv(t, e) ~ g * s, d, control = control))
  rows <- lapply(levels(d$s), function(level) {
    part <- d[d$s == level, ]
    s <- summary(coxph(Surv(t, e) ~ g, part, control = control))
    count <- function(x) as.vector(tapply(x, factor(part$g, 0:1), sum))
    list(level = level, hazardRatio = s$conf.int[1], lower = s$conf.int[3], upper = s$conf.int[4], p = s$coefficients[5],
         n = count(rep(1, nrow(part))), events = count(part$e))
  })
  list(data = name, time = time, event = event, group = group, subgroup = subgroup, rows = rows,
       interaction = list(statistic = a$Chisq[2], df = a$Df[2], p = a[["Pr(>|Chi|)"]][2]))
}
forests <- list(by_level("gbsg", "rfstime", "status", "hormon", "grade"),
                by_level("rotterdam", "dtime", "death", "chemo", "size"),
                by_level("colon", "time", "status", "sex", "differ"),
                by_level("veteran", "time", "status", "trt", "celltype"))
out <- list(source = "test/reference/coxph.R", R = R.version.string, survival = as.character(packageVersion("survival")),
            cases = cases, nested = nested, forests = forests,
            separated = list(data = separated, likelihoodRatio = 2 * diff(sepfit$loglik)))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/coxph.json")
