/** R's `logRank(d, stratum)`: chi-squared of the groups of `d` where patients come under observation late. */
export const lateLogRank = `# R's survdiff knows no late entry. Log-rank test: observed less expected events of each group, over their hypergeometric
# variance, summed over the event times of each stratum.
logRank <- function(d, stratum = rep("all", nrow(d))) {
  group <- droplevels(d$group)
  k <- nlevels(group)
  moved <- numeric(k)
  variance <- matrix(0, k, k)
  for (s in unique(stratum)) for (t in unique(d$time[stratum == s & d$event == 1])) {
    atRisk <- tabulate(group[stratum == s & d$entry < t & d$time >= t], k)
    died <- tabulate(group[stratum == s & d$time == t & d$event == 1], k)
    n <- sum(atRisk)
    moved <- moved + died - sum(died) * atRisk / n
    if (n > 1) variance <- variance +
      sum(died) * (n - sum(died)) / (n - 1) * (diag(atRisk, k) / n - outer(atRisk, atRisk) / n^2)
  }
  compared <- which(diag(variance) > 0)[-1]
  tryCatch(sum(moved[compared] * solve(variance[compared, compared], moved[compared])), error = function(e) NA)
}`;

/** R code of the chi-squared of the groups of some data. @param late - with `lateLogRank` in the script */
export const logRankOf = (late: boolean, outcome: string, data: string) =>
  late ? `logRank(${data})` : `survdiff(${outcome} ~ group, data = ${data})$chisq`;
