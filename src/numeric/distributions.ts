/**
 * Tails and quantiles of the distributions our tests need, from stdlib's error function and our own incomplete gamma and
 * beta functions (stdlib's lose digits at large shapes). Every tail is computed as a tail, never as 1 − cdf, so that
 * p = 1e-300 is still a number.
 */
import erfc from "@stdlib/math-base-special-erfc";
import erfcinv from "@stdlib/math-base-special-erfcinv";
import {fUpperTail} from "./fTail.js";
import {gammaUpperTail} from "./gammaTail.js";

export {fUpperTail};

/** P(Z ≤ z) of the standard normal. R `pnorm(z)`. */
export function normalCdf(z: number): number {
  return erfc(-z / Math.SQRT2) / 2;
}

/** P(Z > z) of the standard normal. R `pnorm(z, lower.tail = FALSE)`. */
export function normalUpperTail(z: number): number {
  return erfc(z / Math.SQRT2) / 2;
}

/** P(|Z| > |z|) of the standard normal. R `2 * pnorm(-abs(z))`. */
export function normalTwoSidedP(z: number): number {
  return erfc(Math.abs(z) / Math.SQRT2);
}

/** Density of the standard normal. R `dnorm(z)`. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

/** Quantile of the standard normal for p in [0, 1]. R `qnorm(p)`. */
export function normalQuantile(p: number): number {
  // erfcinv keeps its accuracy near 0, so the upper half is mirrored.
  return p > 0.5 ? Math.SQRT2 * erfcinv(2 * (1 - p)) : -Math.SQRT2 * erfcinv(2 * p);
}

/** P(X > x) of χ² on `df` degrees of freedom; 1 for x ≤ 0. R `pchisq(x, df, lower.tail = FALSE)`. */
export function chiSquareUpperTail(x: number, df: number): number {
  if (Number.isNaN(x) || !(df > 0)) return NaN;
  if (x <= 0) return 1;
  if (x === Infinity) return 0;
  if (df === 1) return erfc(Math.sqrt(x / 2));
  if (df === 2) return Math.exp(-x / 2);
  return gammaUpperTail(x / 2, df / 2);
}

/** P(|T| > |t|) of Student's t, `df` may be infinite. R `2 * pt(-abs(t), df)`. */
export function studentTTwoSidedP(t: number, df: number): number {
  return fUpperTail(t * t, 1, df);
}

/**
 * t > 0 with P(|T| > t) = p, for p in (0, 1). R `qt(p / 2, df, lower.tail = FALSE)`.
 *
 * The tail falls with t, so the root is bracketed and halved in log t.
 */
export function studentTTwoSidedQuantile(p: number, df: number): number {
  if (!(p > 0 && p < 1)) return p === 1 ? 0 : p === 0 ? Infinity : NaN;
  if (df === Infinity) return normalQuantile(1 - p / 2);
  let [low, high] = [-40, 40];
  for (let step = 0; step < 200 && high - low > 1e-16 * Math.max(1, Math.abs(low)); step++) {
    const middle = (low + high) / 2;
    if (studentTTwoSidedP(Math.exp(middle), df) > p) low = middle;
    else high = middle;
  }
  return Math.exp((low + high) / 2);
}
