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

/** Distinct values, ascending, and how often each is there. */
interface Distinct {
  readonly value: Float64Array;
  readonly times: Uint32Array;
}

function distinctOf(ascending: Float64Array): Distinct {
  const [value, times] = [new Float64Array(ascending.length), new Uint32Array(ascending.length)];
  let found = 0;
  for (let k = 0; k < ascending.length; k++) {
    if (k === 0 || ascending[k] !== ascending[k - 1]) value[found++] = ascending[k];
    times[found - 1]++;
  }
  return {value: value.subarray(0, found), times: times.subarray(0, found)};
}

function chooseKnots(values: Float64Array, count: number): number[] {
  const distinct = distinctOf(values);
  if (distinct.value.length - 2 <= count) return Array.from(distinct.value.subarray(1, -1));
  const {inner, low, high} = tiedEnds(values, distinct);
  const wanted = count - (low === null ? 0 : 1) - (high === null ? 0 : 1);
  const outer = count > 6 ? 0.025 : count > 3 ? 0.05 : 0.1;
  const knots = innerKnots(inner, wanted, outer, distinct.value, low, high);
  return [...(low === null ? [] : [low]), ...knots, ...(high === null ? [] : [high])];
}

/** A lowest or highest value that holds 5% or more of the data is cut off and its neighbour made a knot. */
function tiedEnds(values: Float64Array, {value, times}: Distinct) {
  const last = value.length - 1;
  const share = (at: number) => times[at] / values.length;
  let inner = values;
  let [low, high]: (number | null)[] = [null, null];
  if (times.subarray(1, last).reduce((most, n) => Math.max(most, n), 0) / values.length < 0.05) {
    if (share(0) >= 0.05) {
      low = value[1];
      inner = inner.filter((v) => v > low!);
    }
    if (share(last) >= 0.05) {
      high = value[last - 1];
      inner = inner.filter((v) => v < high!);
    }
  }
  return {inner, low, high};
}

function innerKnots(
  inner: Float64Array,
  wanted: number,
  outer: number,
  distinct: Float64Array,
  low: number | null,
  high: number | null
): number[] {
  if (wanted === 1) return [sampleQuantile(inner, 0.5)];
  if (distinct.length <= wanted) return Array.from(distinct);
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
