# What the survival page shows where the endpoint has a competing event: R's mgus2, progression to a plasma cell malignancy
# against death before it, by sex and by age at its median; and death of the same patients with age as the time
# scale, late entry at diagnosis. Run from the top of the project: Rscript test/reference/competingPage.R
suppressMessages({library(survival); library(cmprsk); library(jsonlite)})

mgus <- mgus2
mgus$etime <- ifelse(mgus$pstat == 0, mgus$futime, mgus$ptime)
mgus$status <- ifelse(mgus$pstat == 0, 2 * mgus$death, 1)

# By kind of event: time lost up to tau and incidence by it, in both groups and their difference.
z <- qnorm(0.975)
apart <- function(value, error) {
  d <- value[2] - value[1]
  se <- sqrt(sum(error^2))
  list(value = d, lower = d - z * se, upper = d + z * se, p = 2 * pnorm(-abs(d / se)))
}
compared <- function(fits, tau) {
  found <- lapply(fits, summary, times = tau)
  lost <- lapply(fits, function(fit) summary(fit, rmean = tau)$table)
  list(tau = tau, kinds = lapply(2:3, function(k) {
    mean <- sapply(lost, function(t) t[k, "rmean"])
    error <- sapply(lost, function(t) t[k, "se(rmean)"])
    of <- function(column) sapply(found, function(s) s[[column]][1, k])
    list(timeLost = list(value = unname(mean), lower = unname(mean - z * error), upper = unname(mean + z * error)),
         timeLostDifference = apart(unname(mean), error),
         incidence = list(value = of("pstate"), lower = of("lower"), upper = of("upper")),
         incidenceDifference = apart(of("pstate"), of("std.err")))
  }))
}

compete <- function(name, data, group) {
  data$group <- factor(group)
  years <- c(12, 36, 60)
  by <- lapply(levels(data$group), function(g) {
    d <- data[data$group == g, ]
    fit <- summary(survfit(Surv(etime, factor(status)) ~ 1, data = d), times = years)
    kind <- function(k) list(value = fit$pstate[, k], lower = fit$lower[, k], upper = fit$upper[, k])
    list(n = nrow(d), events = sum(d$status == 1), competing = sum(d$status == 2), event = kind(2), other = kind(3),
         error = fit$std.err[, 2])
  })
  d <- by[[2]]$event$value - by[[1]]$event$value
  se <- sqrt(by[[1]]$error^2 + by[[2]]$error^2)
  gray <- cuminc(data$etime, data$status, data$group)$Tests
  cox <- function(k) {
    fit <- summary(coxph(Surv(etime, status == k) ~ group, data = data))
    list(hazardRatio = fit$conf.int[1, 1], lower = fit$conf.int[1, 3], upper = fit$conf.int[1, 4],
         p = fit$coefficients[1, 5])
  }
  fits <- lapply(levels(data$group), function(g)
    survfit(Surv(etime, factor(status)) ~ 1, data = data[data$group == g, ], influence = TRUE))
  list(name = name, groups = by, compared = compared(fits, 100),
       difference = list(value = d, lower = d - qnorm(0.975) * se, upper = d + qnorm(0.975) * se,
                         p = 2 * pnorm(-abs(d / se))),
       gray = list(chiSquare = gray[1, "stat"], p = pchisq(gray[1, "stat"], 1, lower.tail = FALSE)),
       competingGray = list(chiSquare = gray[2, "stat"], p = pchisq(gray[2, "stat"], 1, lower.tail = FALSE)),
       cox = cox(1), competingCox = cox(2))
}

# Age as the time scale: under observation from age at diagnosis. Rounded entry keeps every stay longer than 0.
entry <- mgus2$age * 12
end <- entry + pmax(mgus2$futime, 1)
truncated <- function() {
  fit <- survfit(Surv(entry, end, death) ~ sex, data = mgus2, conf.type = "log-log")
  at <- summary(fit, times = c(720, 840, 960))
  cox <- summary(coxph(Surv(entry, end, death) ~ sex, data = mgus2))
  under <- c(360, 480, 720, 961)
  counted <- unlist(lapply(c("F", "M"), function(s) sapply(under, function(t)
    sum(mgus2$sex == s & entry < t & end >= t))))
  list(n = as.vector(fit$n), under = under, counted = counted, first = min(entry), atRisk = at$n.risk, survival = at$surv, hazardRatio = cox$conf.int[1, 1],
       lower = cox$conf.int[1, 3], upper = cox$conf.int[1, 4])
}
# Progression against death before it on the same scale.
late <- function() {
  at <- c(600, 720, 840, 960)
  data <- data.frame(entry = entry, end = entry + pmax(mgus$etime, 1), kind = factor(mgus$status, 0:2), status = mgus$status,
                     sex = factor(mgus2$sex), id = seq_along(entry))
  by <- lapply(levels(data$sex), function(g) {
    s <- summary(survfit(Surv(entry, end, kind) ~ 1, data = data[data$sex == g, ], id = id), times = at)
    kind <- function(k) list(value = s$pstate[, k], lower = s$lower[, k], upper = s$upper[, k])
    under <- sapply(at, function(t) sum(data$sex == g & data$entry < t & data$end >= t))
    list(event = kind(2), other = kind(3), atRisk = under)
  })
  cox <- function(k) {
    fit <- summary(coxph(Surv(entry, end, status == k) ~ sex, data = data))
    list(hazardRatio = fit$conf.int[1, 1], lower = fit$conf.int[1, 3], upper = fit$conf.int[1, 4],
         p = fit$coefficients[1, 5])
  }
  fits <- lapply(levels(data$sex), function(g)
    survfit(Surv(entry, end, kind) ~ 1, data = data[data$sex == g, ], id = id, influence = TRUE))
  list(at = at, groups = by, compared = compared(fits, 900), cox = cox(1), competingCox = cox(2))
}
write(toJSON(list(late = late(), source = "test/reference/competingPage.R", R = R.version.string,
                  survival = as.character(packageVersion("survival")), cmprsk = as.character(packageVersion("cmprsk")),
                  cases = list(compete("sex", mgus, mgus$sex),
                               compete("age at its median", mgus, mgus$age > median(mgus$age))),
                  truncated = truncated()),
             digits = NA, auto_unbox = TRUE, na = "null"), "test/reference/fixtures/competingPage.json")
