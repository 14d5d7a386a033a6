# Makes fixtures/publishedModel.json: a Cox model of the lung data and what it predicts for one patient.
# Run from the top of the project: Rscript test/reference/publishedModel.R
library(survival)
library(jsonlite)

d <- lung
d$sex <- factor(d$sex, levels = 1:2)
d$ph.ecog <- factor(d$ph.ecog, levels = 0:3)
fit <- coxph(Surv(time, status == 2) ~ age + sex + ph.ecog, data = d,
             control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15))
small <- coxph(Surv(time, status == 2) ~ age, data = d[!is.na(d$ph.ecog), ],
               control = coxph.control(eps = 1e-14, iter.max = 100, toler.chol = 1e-15))
patient <- data.frame(age = 66, sex = factor("2", levels = 1:2), ph.ecog = factor("1", levels = 0:3))
horizon <- c(365.25, 700)
base <- basehaz(fit, centered = FALSE)
predicted <- summary(survfit(fit, patient, conf.type = "log-log"), times = horizon)
test <- anova(small, fit)
zph <- cox.zph(fit)$table
write(toJSON(list(R = R.version.string, survival = as.character(packageVersion("survival")), names = names(coef(fit)),
  coef = unname(coef(fit)), se = unname(sqrt(diag(vcov(fit)))), n = fit$n, events = fit$nevent,
  lp = unname(predict(fit, patient, type = "lp", reference = "zero")), horizon = horizon,
  baseline = exp(-sapply(horizon, function(t) max(base$hazard[base$time <= t]))),
  predicted = c(predicted$surv), lower = c(predicted$lower), upper = c(predicted$upper), error = c(predicted$std.err),
  concordance = unname(concordance(fit)$concordance), zph = unname(zph[, "chisq"]), zphP = unname(zph[, "p"]),
  lr = test$Chisq[2], lrDf = test$Df[2]), digits = NA, auto_unbox = TRUE), "test/reference/fixtures/publishedModel.json")
