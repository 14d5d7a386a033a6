import {EnrichmentInputError} from "./enrichmentInputError.js";
import {emptyRange, runningSumRange} from "./enrichmentScore.js";
import {randomPlaces} from "./gseaPermutation.js";

/** A gene set that was found enriched. */
export interface EnrichedSet {
  readonly places: Int32Array;
  /** Its enrichment score: only the sign is used. */
  readonly score: number;
}

/**
 * Finds the sets that say nothing new: a set is explained by one before it if it is enriched neither among the genes outside
 * that one nor within it. Sets it explains are not compared any more, as `fgsea::collapsePathways`; the tests are one-sided,
 * in the direction of the set's score, by permutation of genes.
 *
 * @param weights - from `hitWeights`
 * @param sets - the significant ones, most significant first
 * @param threshold - p below which a set is still enriched, 0.05 by default
 * @param permutations - several times 1 ÷ threshold; 10 ÷ threshold by default
 * @returns for each set the index of the set that explains it, −1 for those that stand for themselves
 * @throws {EnrichmentInputError} if the threshold is no probability
 */
export function collapsePathways(
  weights: Float64Array,
  sets: readonly EnrichedSet[],
  options: {threshold?: number; permutations?: number; seed?: number} = {}
): Int32Array {
  const {threshold = 0.05, seed = 1} = options;
  if (!(threshold > 0 && threshold < 1))
    throw new EnrichmentInputError(`Collapse of pathways: threshold is ${threshold}; give a p-value such as 0.05.`);
  const run = {permutations: options.permutations ?? Math.ceil(10 / threshold), seed};
  const parent = new Int32Array(sets.length).fill(-1);
  for (let main = 0; main < sets.length; main++) {
    if (parent[main] >= 0) continue;
    const others = [...sets.keys()].filter((i) => i !== main && parent[i] < 0);
    const inside = new Uint8Array(weights.length);
    for (const place of sets[main].places) inside[place] = 1;
    const p = new Float64Array(others.length).fill(1);
    for (const side of [0, 1]) {
      const within = restrict(weights, inside, side);
      const parts = others.map((i) => ({...sets[i], places: within.placesOf(sets[i].places)}));
      directedP(within.weights, parts, run).forEach((value, i) => (p[i] = Math.min(p[i], value)));
    }
    others.forEach((other, i) => {
      if (p[i] > threshold) parent[other] = main;
    });
  }
  return parent;
}

/** The ranking of the genes on one side of a set alone. */
function restrict(weights: Float64Array, inside: Uint8Array, side: number) {
  const placeIn = new Int32Array(weights.length).fill(-1);
  let count = 0;
  inside.forEach((value, place) => {
    if (value === side) placeIn[place] = count++;
  });
  return {
    weights: weights.filter((_, place) => placeIn[place] >= 0),
    placesOf: (places: Int32Array) => places.map((place) => placeIn[place]).filter((place) => place >= 0)
  };
}

/** p of the highest (for negative scores the lowest) running sum; 1 for sets with no gene here, or all of them. */
function directedP(
  weights: Float64Array,
  sets: readonly EnrichedSet[],
  {permutations, seed}: {permutations: number; seed: number}
): Float64Array {
  const range = emptyRange();
  const end = (places: Int32Array, count: number, negative: boolean) => {
    runningSumRange(weights, places, count, range);
    return negative ? -range.lowest : range.highest;
  };
  const usable = [...sets.keys()].filter((i) => sets[i].places.length > 0 && sets[i].places.length < weights.length);
  const observed = usable.map((i) => end(sets[i].places, sets[i].places.length, sets[i].score < 0) * (1 - 1e-12));
  const sizes = Int32Array.from(new Set(usable.map((i) => sets[i].places.length))).sort();
  const draw = randomPlaces(weights.length, sizes, seed);
  const more = new Float64Array(usable.length);
  for (let permutation = 0; permutation < permutations; permutation++) {
    draw.begin(permutation);
    sizes.forEach((size, index) => {
      const places = draw.next(index);
      runningSumRange(weights, places, size, range);
      usable.forEach((i, u) => {
        if (sets[i].places.length === size && (sets[i].score < 0 ? -range.lowest : range.highest) >= observed[u])
          more[u]++;
      });
    });
  }
  const p = new Float64Array(sets.length).fill(1);
  usable.forEach((i, u) => (p[i] = (more[u] + 1) / (permutations + 1)));
  return p;
}
