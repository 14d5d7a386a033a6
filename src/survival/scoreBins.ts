import {chebyshevNodes, TERMS} from "../numeric/chebyshev.js";

/**
 * A score's range in bins: none crosses a knot, so that within each a spline is one polynomial, and none is so wide that the hazard
 * changes much, so that within each it is all but a polynomial of few terms.
 */
export interface ScoreBins {
  readonly bins: number;
  /** bins + 1, ascending; the last is ∞, since the largest score belongs to the last bin. */
  readonly edge: Float64Array;
  readonly centre: Float64Array;
  /** By bin: 2 / its width. */
  readonly perHalf: Float64Array;
  /** bins × TERMS: scores at the nodes of each bin. */
  readonly nodes: Float64Array;
  /** Where to begin to look for the bin of a score: `first[⌊(score − least) × perUnit⌋]`. */
  readonly first: Uint16Array;
  readonly least: number;
  readonly perUnit: number;
}

/** No bin is wider than this part of the distance between the outer knots: two standard deviations of a normal score. */
const WIDEST = 0.6;
/** So many bins at most lie between two knots, however far a tail reaches. */
const MOST = 8;
/** Places in the table of bins to begin at. */
const PLACES = 2048;

/** @param knots - ascending, between the least and the largest score */
export function scoreBins(least: number, largest: number, knots: Float64Array): ScoreBins {
  const width = WIDEST * (knots[knots.length - 1] - knots[0]);
  const ends = [least, ...knots.filter((knot) => knot > least && knot < largest), largest];
  const edges = [least];
  for (let i = 1; i < ends.length; i++) {
    const [from, to] = [ends[i - 1], ends[i]];
    const parts = Math.min(MOST, Math.ceil((to - from) / width));
    for (let p = 1; p <= parts; p++) edges.push(p === parts ? to : from + ((to - from) * p) / parts);
  }
  const bins = edges.length - 1;
  const centre = Float64Array.from({length: bins}, (_, b) => (edges[b] + edges[b + 1]) / 2);
  const half = centre.map((c, b) => edges[b + 1] - c);
  const perUnit = PLACES / (largest - least);
  const first = new Uint16Array(PLACES + 1);
  for (let place = 1, b = 0; place <= PLACES; place++) {
    // One place below, since the place of a score is rounded.
    while (b < bins - 1 && edges[b + 1] <= least + (place - 1) / perUnit) b++;
    first[place] = b;
  }
  return {
    bins,
    edge: Float64Array.from([...edges.slice(0, -1), Infinity]),
    centre,
    perHalf: half.map((h) => 1 / h),
    nodes: Float64Array.from({length: bins * TERMS}, (_, at) => {
      const b = Math.floor(at / TERMS);
      return centre[b] + half[b] * chebyshevNodes[at % TERMS];
    }),
    first,
    least,
    perUnit
  };
}
