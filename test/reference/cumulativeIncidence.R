# Makes fixtures/cumulativeIncidence.json: multi-state survfit and Gray's test.
# Run from the top of the project: Rscript test/reference/cumulativeIncidence.R
suppressMessages({library(survival); library(cmprsk)})
library(jsonlite)

# Mean time lost up to tau to each kind of event.
lost <- function(fit, tau) {
  found <- summary(fit, rmean = tau)$table[2:3, ]
  list(tau = tau, timeLost = unname(found[, "rmean"]), standardError = unname(found[, "se(rmean)"]))
}
read <- function(data, expr) eval(parse(text = expr), get(data))
case <- function(data, time, status, group, subset = NULL, confidence = 0.95) {
  t <- read(data, time); s <- read(data, status); g <- read(data, group)
  keep <- !is.na(t) & !is.na(s) & !is.na(g)
  t <- t[keep]; s <- s[keep]; g <- g[keep]
  fit <- survfit(Surv(t, factor(s)) ~ 1, conf.int = confidence, influence = TRUE)
  each <- 10
  row <- unique(c(seq(1, length(fit$time), by = each), length(fit$time)))
  gray <- cuminc(t, s, g)
  list(data = data, time = time, status = status, group = group, confidence = confidence,
       row = row - 1, at = fit$time[row], atRisk = fit$n.risk[row, 1],
       causes = lapply(2:3, function(k) list(incidence = fit$pstate[row, k], standardError = fit$std.err[row, k],
                                             lower = fit$lower[row, k], upper = fit$upper[row, k])),
       lost = lapply(c(0.4, 0.83, 1) * max(fit$time), function(tau) lost(fit, tau)),
       gray = lapply(seq_len(nrow(gray$Tests)), function(i) list(chiSquare = gray$Tests[i, "stat"], df = gray$Tests[i, "df"],
                     p = pchisq(gray$Tests[i, "stat"], gray$Tests[i, "df"], lower.tail = FALSE))))
}
mgus <- mgus2
mgus$etime <- ifelse(mgus$pstat == 0, mgus$futime, mgus$ptime)
mgus$status <- ifelse(mgus$pstat == 0, 2 * mgus$death, 1)
mgus$old <- as.numeric(mgus$age > 70) + as.numeric(mgus$age > 80)
rotter <- rotterdam
rotter$t <- pmin(rotter$rtime, rotter$dtime)
rotter$s <- ifelse(rotter$recur == 1, 1, ifelse(rotter$death == 1, 2, 0))
few <- list(t = c(1, 2, 2, 3, 4, 4, 5, 6, 7, 7), s = c(1, 2, 0, 1, 1, 2, 0, 2, 1, 0), g = c(1, 1, 2, 2, 1, 2, 1, 2, 1, 2))
# Late entry, at every event time where the fit stands still between entries. Age as the time scale: under observation from
# the age at diagnosis; and a cohort in which times of entry and of events meet and the first ones at risk all leave.
late <- function(data, entry, time, status, confidence = 0.95) {
  d <- data.frame(entry = entry, time = time, status = factor(status, 0:2), id = seq_along(time))
  fit <- survfit(Surv(entry, time, status) ~ 1, data = d, id = id, conf.int = confidence, influence = TRUE)
  all <- sort(unique(time))
  at <- all[unique(round(seq(1, length(all), length.out = 60)))]
  s <- summary(fit, times = at)
  list(data = data, confidence = confidence, lost = lapply(c(0.7, 1) * max(time), function(tau) lost(fit, tau)), at = at, atRisk = s$n.risk[, 1],
       causes = lapply(2:3, function(k) list(incidence = s$pstate[, k], standardError = s$std.err[, k],
                                             lower = s$lower[, k], upper = s$upper[, k])))
}
entry <- mgus2$age * 12
made <- list(entry = c(0, 0, 1, 2, 2, 3, 4, 4, 5, 6, 2, 7), time = c(4, 2, 3, 5, 4, 7, 6, 9, 8, 9, 9, 10),
             status = c(1, 2, 0, 1, 2, 1, 0, 2, 1, 1, 0, 1))
out <- list(late = list(late("mgus", entry, entry + pmax(mgus$etime, 1), mgus$status),
                        late("made", made$entry, made$time, made$status, 0.9)), made = made, source = "test/reference/cumulativeIncidence.R", R = R.version.string,
            survival = as.character(packageVersion("survival")), cmprsk = as.character(packageVersion("cmprsk")),
            few = few,
            cases = list(case("mgus", "etime", "status", "sex"), case("mgus", "etime", "status", "old", confidence = 0.9),
                         case("rotter", "t", "s", "grade"), case("few", "t", "s", "g")))
write(toJSON(out, digits = NA, auto_unbox = TRUE, na = "null", null = "null"), "test/reference/fixtures/cumulativeIncidence.json")
