/** What Stirling's formula leaves over, and the deviance it is used with (Loader, 2000: large shapes without lost digits). */

/** δ(a) for a ≥ 10, to the last bit. */
function stirlingSeries(a: number): number {
  const r = 1 / (a * a);
  return (1 / 12 - r * (1 / 360 - r * (1 / 1260 - r * (1 / 1680 - r * (1 / 1188 - (r * 691) / 360360))))) / a;
}

/** Γ(a + 1) for 0 < a < 10, from Stirling's formula ten steps up. */
export function gammaOfNext(a: number): number {
  let product = 1;
  for (let j = 1; j <= 10; j++) product *= a + j;
  const z = a + 10;
  return (Math.sqrt(2 * Math.PI * z) * Math.exp(z * Math.log(z) - z + stirlingSeries(z))) / product;
}

/** δ(a) with Γ(a + 1) = √(2πa)·(a/e)^a·e^δ(a), a > 0. R `nmath` stirlerr. */
export function stirlingError(a: number): number {
  if (a >= 10) return stirlingSeries(a);
  return Math.log(gammaOfNext(a) / Math.sqrt(2 * Math.PI * a)) - a * Math.log(a) + a;
}

/** d − ln(1 + d) without cancellation, d > −1; `next` is 1 + d where it is known better than the sum. */
export function excessOverLog(d: number, next = 1 + d): number {
  if (Math.abs(d) > 0.4) return d - Math.log(next);
  // ln(1 + d) = 2(r + r³/3 + r⁵/5 + …) with r = d/(2 + d).
  const r = d / (2 + d);
  let [sum, power] = [0, 2 * r];
  for (let n = 3; n < 60; n += 2) {
    power *= r * r;
    sum += power / n;
  }
  return d * r - sum;
}
