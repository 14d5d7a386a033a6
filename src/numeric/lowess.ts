/** A smooth curve: columns of equal length, ascending in x. */
export interface Lowess {
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * Cleveland's robust locally weighted regression.
 *
 * @param span - share of the points in each local fit
 * @param iterations - robustifying ones. Default 3
 * @see R `lowess(x, y, f = span, iter = 3)` 4.2.2; Cleveland (1979), J Am Stat Assoc 74:829–836
 */
export function lowess(xs: ArrayLike<number>, ys: ArrayLike<number>, span: number, iterations = 3): Lowess {
  const n = xs.length;
  const order = Uint32Array.from({length: n}, (_, i) => i).sort((a, b) => xs[a] - xs[b] || a - b);
  const x = Float64Array.from(order, (i) => xs[i]);
  const y = Float64Array.from(order, (i) => ys[i]);
  const fitted = new Float64Array(n);
  if (n < 2) return {x, y};
  const near = Math.max(2, Math.min(n, Math.floor(span * n + 1e-7)));
  const delta = 0.01 * (x[n - 1] - x[0]);
  let robust: Float64Array | null = null;
  for (let iteration = 0; ; iteration++) {
    sweep(x, y, near, delta, robust, fitted);
    if (iteration >= iterations) break;
    const weights = robustWeights(y, fitted);
    if (!weights) break;
    robust = weights;
  }
  return {x, y: fitted};
}

/** Fits at points at least `delta` apart and joins them by straight lines. */
function sweep(
  x: Float64Array,
  y: Float64Array,
  near: number,
  delta: number,
  robust: Float64Array | null,
  fitted: Float64Array
): void {
  const n = x.length;
  const weight = new Float64Array(n);
  let [left, right] = [0, near - 1];
  let last = -1;
  let i = 0;
  for (;;) {
    if (right < n - 1 && x[i] - x[left] > x[right + 1] - x[i]) {
      left++;
      right++;
      continue;
    }
    fitted[i] = localFit(x, y, i, left, right, robust, weight);
    if (last < i - 1) {
      const width = x[i] - x[last];
      for (let j = last + 1; j < i; j++) {
        const share = (x[j] - x[last]) / width;
        fitted[j] = share * fitted[i] + (1 - share) * fitted[last];
      }
    }
    last = i;
    const cut = x[last] + delta;
    for (i = last + 1; i < n; i++) {
      if (x[i] > cut) break;
      if (x[i] === x[last]) {
        fitted[i] = fitted[last];
        last = i;
      }
    }
    i = Math.max(last + 1, i - 1);
    if (last >= n - 1) break;
  }
}

/** Weighted straight line through the neighbours of point i, read at i. @param weight - length n, written over */
function localFit(
  x: Float64Array,
  y: Float64Array,
  i: number,
  left: number,
  right: number,
  robust: Float64Array | null,
  weight: Float64Array
): number {
  const n = x.length;
  const at = x[i];
  const h = Math.max(at - x[left], x[right] - at);
  const [near, far] = [0.001 * h, 0.999 * h];
  let width = 0;
  let sum = 0;
  let j = left;
  for (; j < n; j++) {
    const r = Math.abs(x[j] - at);
    let w = 0;
    if (r <= far) {
      const share = r / h;
      const rest = 1 - share * share * share;
      w = r <= near ? 1 : rest * rest * rest;
      if (robust) w *= robust[j];
      sum += w;
    } else if (x[j] > at) break;
    weight[width++] = w;
  }
  if (sum <= 0) return y[i];
  let mean = 0;
  for (let k = 0; k < width; k++) {
    weight[k] /= sum;
    mean += weight[k] * x[left + k];
  }
  if (h > 0) {
    let square = 0;
    for (let k = 0; k < width; k++) square += weight[k] * (x[left + k] - mean) ** 2;
    const slope = at - mean;
    if (Math.sqrt(square) > 0.001 * (x[n - 1] - x[0]))
      for (let k = 0; k < width; k++) weight[k] *= (slope / square) * (x[left + k] - mean) + 1;
  }
  let value = 0;
  for (let k = 0; k < width; k++) value += weight[k] * y[left + k];
  return value;
}

/** Bisquare weights of the residuals; null where the fit is already exact. */
function robustWeights(y: Float64Array, fitted: Float64Array): Float64Array | null {
  const n = y.length;
  const residual = y.map((v, i) => Math.abs(v - fitted[i]));
  const mean = residual.reduce((a, b) => a + b, 0) / n;
  const sorted = residual.slice().sort();
  const half = n >> 1;
  const six = n % 2 === 0 ? 3 * (sorted[half - 1] + sorted[half]) : 6 * sorted[half];
  if (six < 1e-7 * mean) return null;
  const [near, far] = [0.001 * six, 0.999 * six];
  return residual.map((r) => (r <= near ? 1 : r <= far ? (1 - (r / six) ** 2) ** 2 : 0));
}
