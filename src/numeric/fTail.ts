import {gammaUpperTail} from "./gammaTail.js";
import {excessOverLog, stirlingError} from "./stirling.js";

/**
 * x^a·y^b/(a·B(a, b)) of the incomplete beta function at x = df2/w, y = df1·f/w, w = df2 + df1·f, by the deviances of the
 * two degrees of freedom. They are written with 1 − f, so that nothing cancels where f is near 1 or the df are large.
 */
function betaMass(f: number, df1: number, df2: number): {upper: number; lower: number} {
  const [a, b, n] = [df2 / 2, df1 / 2, (df1 + df2) / 2];
  const w = df2 + df1 * f;
  const deviance =
    a * excessOverLog((df1 * (1 - f)) / w, (2 * n) / w) + b * excessOverLog((df2 * (f - 1)) / w, (2 * n * f) / w);
  const error = stirlingError(n) - stirlingError(a) - stirlingError(b);
  const mass = Math.exp(error - deviance) / Math.sqrt((2 * Math.PI * a * b) / n);
  return {upper: (mass * b) / n, lower: (mass * a) / n};
}

/**
 * I_x(a, b)·a·B(a, b)/(x^a·y^b) for y = 1 − x by its continued fraction, contracted so that every step takes two (DiDonato &
 * Morris 1992, §4; Lentz's evaluation). `distance` = a·y − b·x ≥ 0 is given, since it cancels where x is near a/(a + b).
 */
function betaFraction(x: number, y: number, a: number, b: number, distance: number): number {
  let c = Infinity;
  let d = (a + 1) / (a * (1 + distance));
  let fraction = a * d;
  for (let n = 1; n < 1e6; n++) {
    const w = n * (b - n) * x;
    const s = a + 2 * n - 1;
    const numerator = ((a + n - 1) * (a + b + n - 1) * w * x) / (s * s);
    const term = n + w / s + ((a + n) * (1 + distance + n * (1 + y))) / (s + 2);
    d = 1 / (numerator * d + term);
    c = term + numerator / c;
    const factor = c * d;
    fraction *= factor;
    if (Math.abs(factor - 1) < 2e-16) break;
  }
  return fraction;
}

/**
 * P(X > f) of the F distribution; 1 for f ≤ 0; `df2` may be infinite. R `pf(f, df1, df2, lower.tail = FALSE)`; within 1e-12
 * of the truth, relative, for df from 0.5 to 1e6, down to 1e-300.
 */
export function fUpperTail(f: number, df1: number, df2: number): number {
  if (Number.isNaN(f) || !(df1 > 0) || !(df2 > 0)) return NaN;
  if (f <= 0) return 1;
  if (f === Infinity) return 0;
  if (df2 === Infinity) return gammaUpperTail((f * df1) / 2, df1 / 2);
  const [a, b] = [df2 / 2, df1 / 2];
  const w = df2 + df1 * f;
  const [x, y] = [df2 / w, (df1 * f) / w];
  const distance = (df1 * df2 * (f - 1)) / (2 * w);
  const mass = betaMass(f, df1, df2);
  if (f > 1) return mass.upper * betaFraction(x, y, a, b, distance);
  return 1 - mass.lower * betaFraction(y, x, b, a, -distance);
}
