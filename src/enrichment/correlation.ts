import {normalQuantile, studentTTwoSidedP} from "../numeric/distributions.js";

/** Pearson's correlation of two columns over the rows that have both. */
export interface Correlation {
  readonly r: number;
  /** Two-sided. */
  readonly p: number;
  readonly n: number;
  /** 95% interval by Fisher's transformation; NaN with fewer than four rows. */
  readonly lower: number;
  readonly upper: number;
}

/**
 * Pearson's r with its t-test. NaN counts as missing; fewer than three complete rows give NaN.
 *
 * @see R `cor.test(x, y)` 4.2.2
 */
export function pearson(x: ArrayLike<number>, y: ArrayLike<number>): Correlation {
  let [n, meanX, meanY, sxx, syy, sxy] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < x.length; i++) {
    if (Number.isNaN(x[i] + y[i])) continue;
    n++;
    const [dx, dy] = [x[i] - meanX, y[i] - meanY];
    meanX += dx / n;
    meanY += dy / n;
    sxx += dx * (x[i] - meanX);
    syy += dy * (y[i] - meanY);
    sxy += dx * (y[i] - meanY);
  }
  if (n < 3 || !(sxx > 0 && syy > 0)) return {r: NaN, p: NaN, n, lower: NaN, upper: NaN};
  const r = Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy)));
  const half = n > 3 ? normalQuantile(0.975) / Math.sqrt(n - 3) : NaN;
  return {
    r,
    p: studentTTwoSidedP(r * Math.sqrt((n - 2) / Math.max(0, 1 - r * r)), n - 2),
    n,
    lower: Math.tanh(Math.atanh(r) - half),
    upper: Math.tanh(Math.atanh(r) + half)
  };
}
