import digamma from "@stdlib/math-base-special-digamma";
import trigamma from "@stdlib/math-base-special-trigamma";

export {digamma, trigamma};

/** Second derivative of digamma for x > 0: recurrence up to 15, then the asymptotic series. R `psigamma(x, 2)`. */
export function tetragamma(x: number): number {
  let sum = 0;
  let y = x;
  for (; y < 15; y++) sum -= 2 / y ** 3;
  const r = 1 / (y * y);
  return sum - r * (1 + 1 / y + r * (0.5 - r * (1 / 6 - r * (1 / 6 - r * (3 / 10 - r * (5 / 6 - r * (691 / 210)))))));
}

/** x for which trigamma(x) = y, y > 0: Newton on 1/trigamma, which is nearly a straight line. R `limma::trigammaInverse`. */
export function trigammaInverse(y: number): number {
  if (Number.isNaN(y) || y <= 0) return NaN;
  if (y > 1e7) return 1 / Math.sqrt(y);
  if (y < 1e-6) return 1 / y;
  let x = 0.5 + 1 / y;
  for (let step = 0; step < 50; step++) {
    const tri = trigamma(x);
    const change = (tri * (1 - tri / y)) / tetragamma(x);
    x += change;
    if (Math.abs(change) <= 1e-14 * x) break;
  }
  return x;
}
