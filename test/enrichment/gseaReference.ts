import {readFixture} from "../survival/referenceData.js";
import {hitWeights, rankGenes} from "../../src/enrichment/index.js";

export interface GseaReference {
  statistics: number[];
  sets: Record<string, number[]>;
  cases: {set: string; weight: number; score: number; leadingEdge: number[]; curveAtHits: number[]}[];
  permutations: number;
  permuted: {
    set: string;
    weight: number;
    same: number;
    more: number;
    p: number;
    meanSame: number;
    sdSame: number;
    nes: number;
  }[];
}

export const gseaReference = readFixture<GseaReference>("enrichmentScore");

export const names = (count: number) => Array.from({length: count}, (_, i) => `gene${i + 1}`);

export function weightsOf(statistics: ArrayLike<number>, weight = 1): Float64Array {
  return hitWeights(rankGenes(names(statistics.length), statistics), weight);
}

/** The definition, written as the paper does: a walk over every gene. */
export function slowScore(statistics: ArrayLike<number>, places: Iterable<number>, weight: number): number {
  const hits = new Set(places);
  const step = (i: number) => Math.abs(statistics[i]) ** weight;
  const total = [...hits].reduce((sum, i) => sum + step(i), 0);
  const misses = statistics.length - hits.size;
  let [hit, missed, top, bottom] = [0, 0, 0, 0];
  for (let i = 0; i < statistics.length; i++) {
    if (hits.has(i)) hit += total === 0 ? 1 / hits.size : step(i) / total;
    else missed++;
    top = Math.max(top, hit - missed / misses);
    bottom = Math.min(bottom, hit - missed / misses);
  }
  return top >= -bottom * (1 - 1e-13) ? top : bottom;
}
