/**
 * Log-rank scores of n patients in ascending order of time: event minus the cumulated hazard.
 *
 * Tied times as Hothorn and Lausen define them: each event among patients tied at t adds 1 / (1 + patients followed
 * beyond t), so the scores are not the Nelson–Aalen martingale residuals where times are tied.
 *
 * @param event - length n, 1 event, 0 censored
 * @param slot - length n, ascending; equal for tied times
 * @returns length n; the scores sum to about 0 (exactly 0 without ties)
 * @see R `exactRankTests::cscores(Surv(time, event), type = "LogRank")` 0.8-35, used by `maxstat::maxstat.test`
 * @see Hothorn T, Lausen B (2003), Comput Stat Data Anal 43:121–137
 */
export function logRankScores(event: Uint8Array, slot: Uint32Array): Float64Array {
  const n = event.length;
  const score = new Float64Array(n);
  let hazard = 0;
  for (let first = 0; first < n;) {
    let end = first;
    let deaths = 0;
    while (end < n && slot[end] === slot[first]) deaths += event[end++];
    hazard += deaths / (n - end + 1);
    for (let k = first; k < end; k++) score[k] = event[k] - hazard;
    first = end;
  }
  return score;
}
