import {studentTTwoSidedP} from "../numeric/distributions.js";

/** Pearson's correlation of two columns over the rows that have both. */
export interface Correlation {
  readonly r: number;
  /** Two-sided. */
  readonly p: number;
  readonly n: number;
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
  if (n < 3 || !(sxx > 0 && syy > 0)) return {r: NaN, p: NaN, n};
  const r = Math.max(-1, Math.min(1, sxy / Math.sqrt(sxx * syy)));
  return {r, p: studentTTwoSidedP(r * Math.sqrt((n - 2) / Math.max(0, 1 - r * r)), n - 2), n};
}
