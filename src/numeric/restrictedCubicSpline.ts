import {ascendingValues, sampleQuantile} from "./sampleQuantile.js";

/**
 * Basis of a restricted cubic spline (cubic between knots, linear beyond the outer ones).
 *
 * @param x - n values
 * @param knots - k ≥ 3 ascending knots
 * @returns k − 1 columns of length n: x itself, then the k − 2 non-linear terms, scaled by (outer distance)² as R does
 * @see R `rms::rcs`, `Hmisc::rcspline.eval(x, knots, inclx = TRUE)` 4.8-0; Harrell, Regression Modeling Strategies, 2.4.5
 */
export function restrictedCubicSpline(x: ArrayLike<number>, knots: ArrayLike<number>): Float64Array[] {
  const k = knots.length;
  if (k < 3) throw new RangeError(`restrictedCubicSpline: needs at least 3 knots, got ${k}.`);
  const [first, before, last] = [knots[0], knots[k - 2], knots[k - 1]];
  const unit = (last - first) ** (2 / 3);
  const cube = (value: number) => Math.max(value / unit, 0) ** 3;
  const linear = Float64Array.from(x);
  const bends = Array.from({length: k - 2}, (_, j) =>
    linear.map(
      (v) =>
        cube(v - knots[j]) +
        ((before - knots[j]) * cube(v - last) - (last - knots[j]) * cube(v - before)) / (last - before)
    )
  );
  return [linear, ...bends];
}

/**
 * Knots at quantiles of the data, by Harrell's rules.
 *
 * The outer knots sit at the 0.10 and 0.90 quantile for 3 knots, 0.05 and 0.95 for 4–6, 0.025 and 0.975 beyond. Under 100
 * values the outer knots are the fifth smallest and largest. A heavily tied lowest or highest value gives its knot to its
 * neighbour. With few distinct values these become the knots.
 *
 * @param x - values; NaN are left out
 * @param count - number of knots, ≥ 3; fewer may come back where values are few
 * @throws {RangeError} if fewer than 6 values are present or fewer than 3 distinct knots result
 * @see R `Hmisc::rcspline.eval(x, nk = count, knots.only = TRUE)` 4.8-0
 */
export function splineKnots(x: ArrayLike<number>, count: number): Float64Array {
  const values = ascendingValues(x);
  if (!(count >= 3)) throw new RangeError(`splineKnots: needs at least 3 knots, asked for ${count}.`);
  if (values.length < 6) throw new RangeError(`splineKnots: needs at least 6 values, got ${values.length}.`);
  const knots = ascendingValues([...new Set(chooseKnots(values, count))]);
  if (knots.length < 3)
    throw new RangeError(`splineKnots: the values are too few or too tied for 3 knots; use a linear term instead.`);
  return knots;
}

function chooseKnots(values: Float64Array, count: number): number[] {
  const distinct = [...new Set(values)];
  if (distinct.length - 2 <= count) return distinct.slice(1, -1);
  const {inner, low, high} = tiedEnds(values, distinct);
  const wanted = count - (low === null ? 0 : 1) - (high === null ? 0 : 1);
  const outer = count > 6 ? 0.025 : count > 3 ? 0.05 : 0.1;
  const knots = innerKnots(inner, wanted, outer, distinct, low, high);
  return [...(low === null ? [] : [low]), ...knots, ...(high === null ? [] : [high])];
}

/** A lowest or highest value that holds 5% or more of the data is cut off and its neighbour made a knot. */
function tiedEnds(values: Float64Array, distinct: number[]) {
  const share = (v: number) => (upTo(values, v, true) - upTo(values, v, false)) / values.length;
  const [lowest, highest] = [distinct[0], distinct[distinct.length - 1]];
  let inner = values;
  let [low, high]: (number | null)[] = [null, null];
  if (Math.max(...distinct.slice(1, -1).map(share)) < 0.05) {
    if (share(lowest) >= 0.05) {
      low = distinct[1];
      inner = inner.filter((v) => v > low!);
    }
    if (share(highest) >= 0.05) {
      high = distinct[distinct.length - 2];
      inner = inner.filter((v) => v < high!);
    }
  }
  return {inner, low, high};
}

function innerKnots(
  inner: Float64Array,
  wanted: number,
  outer: number,
  distinct: number[],
  low: number | null,
  high: number | null
): number[] {
  if (wanted === 1) return [sampleQuantile(inner, 0.5)];
  if (distinct.length <= wanted) return distinct;
  let knots = grid(wanted === 2 ? 0.5 : outer, 1 - outer, wanted).map((p) => sampleQuantile(inner, p));
  if (new Set(knots).size < Math.min(wanted, 3)) {
    knots = grid(outer, 1 - outer, 2 * wanted).map((p) => sampleQuantile(inner, p));
    if ((low !== null || high !== null) && new Set(knots).size < 3)
      knots = [
        low !== null && high !== null ? (low + high) / 2 : sampleQuantile(inner, 0.5),
        high ?? sampleQuantile(inner, 1 - outer)
      ];
  }
  if (inner.length < 100) {
    if (low === null) knots[0] = inner[4];
    if (high === null) knots[wanted - 1] = inner[inner.length - 5];
  }
  return knots;
}

function grid(from: number, to: number, length: number): number[] {
  return Array.from({length}, (_, i) => from + (i * (to - from)) / (length - 1));
}

function upTo(ascending: Float64Array, value: number, inclusive: boolean): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const mid = (low + high) >> 1;
    if (ascending[mid] < value || (inclusive && ascending[mid] === value)) low = mid + 1;
    else high = mid;
  }
  return low;
}
