# What the subgroups page must show for selections of R's pbc data: truth for test/components/subgroupAnswer.test.ts
# Run from the project's top folder:  Rscript test/reference/subgroupPage.R
suppressMessages({library(survival); library(jsonlite)})
tight <- suppressWarnings(coxph.control(eps = 1e-14, iter.max = 100))

d <- pbc
d$event <- as.numeric(d$status == 2)
d$score <- 0.04 * d$age + 0.9 * log(d$bili)
d$set <- factor(ifelse(seq_len(nrow(d)) %% 3 == 0, "test", "training"), levels = c("training", "test"))
d$high <- as.numeric(d$score > median(d$score[d$set == "training"]))
d$trt <- factor(d$trt, levels = 2:1)
d$sex <- factor(d$sex, levels = c("f", "m"))
d$stage <- factor(d$stage)
d$edema <- factor(d$edema)

effect <- function(d) {
  d <- d[!is.na(d$group), ]
  fit <- if (length(unique(d$group)) == 2 && all(tapply(d$event, d$group, sum) > 0))
    suppressWarnings(coxph(Surv(time, event) ~ group, d, control = tight)) else NULL
  # An infinite coefficient: R stops somewhere on its way.
  fit <- if (is.null(fit) || abs(coef(fit)) > 12) NULL else summary(fit)
  count <- function(x) as.vector(tapply(x, factor(d$group, levels = 0:1), sum, default = 0))
  ratio <- if (is.null(fit)) rep(NA, 4) else c(fit$conf.int[1, c(1, 3, 4)], fit$coefficients[1, 5])
  list(n = count(rep(1, nrow(d))), events = count(d$event), hazardRatio = unname(ratio[1]), lower = unname(ratio[2]),
       upper = unname(ratio[3]), p = unname(ratio[4]))
}
factor_of <- function(d, name) {
  x <- d[[name]]
  d$x <- if (is.factor(x)) x else factor(x > median(x, na.rm = TRUE))
  d <- d[!is.na(d$x) & !is.na(d$group), ]; d$x <- droplevels(d$x)
  levels <- lapply(levels(d$x), function(l) c(list(level = l), effect(d[d$x == l, ])))
  interaction <- NULL
  if (nlevels(d$x) > 1) {
    small <- coxph(Surv(time, event) ~ group + x, d, control = tight)
    large <- suppressWarnings(coxph(Surv(time, event) ~ group * x, d, control = tight))
    # With R's usual steps an infinite coefficient still counts as one; with many it becomes NA.
    usual <- suppressWarnings(list(coxph(Surv(time, event) ~ group + x, d), coxph(Surv(time, event) ~ group * x, d)))
    chi <- 2 * (large$loglik[2] - small$loglik[2]); df <- diff(sapply(usual, function(f) sum(!is.na(coef(f)))))
    interaction <- list(statistic = chi, df = df, p = pchisq(chi, df, lower.tail = FALSE))
  }
  pooled <- survdiff(Surv(time, event) ~ group + strata(x), d)
  curve <- lapply(levels(d$x), function(l) lapply(0:1, function(g) {
    part <- d[d$x == l & d$group == g, ]
    if (nrow(part) == 0) return(NULL)
    fit <- survfit(Surv(time, event) ~ 1, part, conf.type = "log-log")
    list(n = nrow(part), last = tail(fit$surv, 1), middle = unname(quantile(fit, 0.5)$quantile))
  }))
  list(variable = name, levels = levels, interaction = interaction, curves = curve,
       pooled = list(chiSquare = pooled$chisq, p = pchisq(pooled$chisq, 1, lower.tail = FALSE)))
}
case <- function(name, d, by, factors) {
  d$group <- as.numeric(d[[by]]) - if (is.factor(d[[by]])) 1 else 0
  found <- lapply(factors, function(f) factor_of(d, f))
  p <- sapply(found, function(f) if (is.null(f$interaction)) NA else f$interaction$p)
  list(name = name, overall = effect(d), factors = found, holm = p.adjust(p, "holm"))
}
factors <- c("set", "sex", "stage", "edema", "age", "albumin", "platelet", "trt")
cases <- list(
  case("everyone", d, "high", factors),
  case("women", d[d$sex == "f", ], "high", factors),
  case("training set after two years", d[d$set == "training" & d$time > 730, ], "high", factors),
  case("by treatment", d, "trt", setdiff(factors, "trt")))
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), cases = cases), digits = NA,
             auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/subgroupPage.json")
