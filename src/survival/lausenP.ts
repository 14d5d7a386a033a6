import {normalDensity, normalUpperTail} from "../numeric/distributions.js";

/**
 * Adjusted p of a maximally selected statistic, Lausen and Schumacher's asymptotic approximation.
 *
 * @param statistic - largest absolute standardised score statistic
 * @param minProportion - smallest share of patients at or below a cut that was tried
 * @param maxProportion - largest
 * @returns p in [0, 1]; 1 for a statistic below 1, where the approximation has no meaning
 * @see R `maxstat::pLausen92` 0.7-25 (which does not cap at 1); Lausen and Schumacher (1992), Biometrics 48:73–85
 */
export function lausen92(statistic: number, minProportion: number, maxProportion: number): number {
  if (statistic < 1) return 1;
  const density = normalDensity(statistic);
  const odds = (maxProportion * (1 - minProportion)) / ((1 - maxProportion) * minProportion);
  return Math.min(1, (4 * density) / statistic + density * (statistic - 1 / statistic) * Math.log(odds));
}

/**
 * Adjusted p by the improved Bonferroni inequality over the cuts that were tried.
 *
 * R's value may exceed 1, and for a very large statistic over widely spaced cuts may fall below the p of one cut alone;
 * ours is held between that p and 1.
 *
 * @param atOrBelow - ascending numbers of patients at or below each cut
 * @param n - number of patients
 * @see R `maxstat::pLausen94` 0.7-25; Lausen, Sauerbrei and Schumacher (1994), in Computational Statistics, 483–496
 */
export function lausen94(statistic: number, atOrBelow: Uint32Array, n: number): number {
  const single = 2 * normalUpperTail(statistic);
  let gain = 0;
  for (let k = 1; k < atOrBelow.length; k++) {
    const [a, b] = [atOrBelow[k - 1], atOrBelow[k]];
    const t = Math.sqrt(1 - (a * (n - b)) / ((n - a) * b));
    gain += t - ((statistic ** 2 / 4 - 1) * t ** 3) / 6;
  }
  const adjusted = single + (gain * Math.exp(-(statistic ** 2) / 2)) / Math.PI;
  return Math.min(1, Math.max(single, adjusted));
}
