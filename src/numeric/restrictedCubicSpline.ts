import {countUpTo} from "./countUpTo.js";
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
  const linear = Float64Array.from(x);
  const [fromBefore, fromLast] = [before, last].map((knot) => cubes(linear, knot, unit));
  const bends = Array.from({length: k - 2}, (_, j) => {
    const bend = cubes(linear, knots[j], unit);
    straighten(bend, [fromLast, before - knots[j]], [fromBefore, last - knots[j]], last - before);
    return bend;
  });
  return [linear, ...bends];
}

/** ((x − knot)₊ / unit)³ */
function cubes(x: Float64Array, knot: number, unit: number): Float64Array {
  const cube = new Float64Array(x.length);
  for (let i = 0; i < x.length; i++) {
    if (!(x[i] > knot)) continue;
    const scaled = (x[i] - knot) / unit;
    cube[i] = scaled * scaled * scaled;
  }
  return cube;
}

/** Adds what makes a cube linear beyond the last knot. */
function straighten(
  bend: Float64Array,
  [last, more]: readonly [Float64Array, number],
  [before, less]: readonly [Float64Array, number],
  width: number
): void {
  for (let i = 0; i < bend.length; i++) bend[i] += (more * last[i] - less * before[i]) / width;
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
  return knotsOfAscending(ascendingValues(x), count);
}

/** The same of values that are ascending already. */
export function knotsOfAscending(values: Float64Array, count: number): Float64Array {
  if (!(count >= 3)) throw new RangeError(`splineKnots: needs at least 3 knots, asked for ${count}.`);
  if (values.length < 6) throw new RangeError(`splineKnots: needs at least 6 values, got ${values.length}.`);
  const knots = ascendingValues([...new Set(chooseKnots(values, count))]);
  if (knots.length < 3)
    throw new RangeError(`splineKnots: the values are too few or too tied for 3 knots; use a linear term instead.`);
  return knots;
}

function chooseKnots(values: Float64Array, count: number): number[] {
  const few = firstDistinct(values, count + 3);
  if (few.length - 2 <= count) return few.slice(1, -1);
  const {inner, low, high} = tiedEnds(values);
  const wanted = count - (low === null ? 0 : 1) - (high === null ? 0 : 1);
  const outer = count > 6 ? 0.025 : count > 3 ? 0.05 : 0.1;
  const knots = innerKnots(inner, wanted, outer, low, high);
  return [...(low === null ? [] : [low]), ...knots, ...(high === null ? [] : [high])];
}

/** As many distinct values as there are, or the first so many. */
function firstDistinct(ascending: Float64Array, most: number): number[] {
  const found: number[] = [];
  for (let at = 0; at < ascending.length && found.length < most; at = countUpTo(ascending, ascending[at]))
    found.push(ascending[at]);
  return found;
}

/** A lowest or highest value that holds 5% or more of the data is cut off and its neighbour made a knot; none if another one does too. */
function tiedEnds(values: Float64Array) {
  const n = values.length;
  const [least, most] = [values[0], values[n - 1]];
  const second = countUpTo(values, least);
  let last = n - 1;
  while (values[last - 1] === most) last--;
  const heavy = (count: number) => count / n >= 0.05;
  let inner = values;
  let [low, high]: (number | null)[] = [null, null];
  const [below, above] = [heavy(second), heavy(n - last)];
  if ((below || above) && !heavy(mostAlike(values.subarray(second, last)))) {
    if (below) {
      low = values[second];
      inner = inner.filter((v) => v > low!);
    }
    if (above) {
      high = values[last - 1];
      inner = inner.filter((v) => v < high!);
    }
  }
  return {inner, low, high};
}

/** How often the most frequent value is there. */
function mostAlike(ascending: Float64Array): number {
  let most = 0;
  for (let at = 0; at < ascending.length;) {
    const next = countUpTo(ascending, ascending[at]);
    most = Math.max(most, next - at);
    at = next;
  }
  return most;
}

function innerKnots(
  inner: Float64Array,
  wanted: number,
  outer: number,
  low: number | null,
  high: number | null
): number[] {
  if (wanted === 1) return [sampleQuantile(inner, 0.5)];
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
