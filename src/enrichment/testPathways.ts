import {adjust} from "../numeric/adjust.js";
import type {DifferentialExpression} from "./differentialExpression.js";
import {enrichmentScore, hitWeights} from "./enrichmentScore.js";
import {rankGenes} from "./geneRanking.js";
import {matchGeneSets} from "./geneSetSizes.js";
import {gseaMultilevel, multilevelDefaults} from "./gseaMultilevel.js";
import type {PublishedTests} from "./publishedPathways.js";
import type {GeneSet} from "./readGeneSets.js";

export interface PathwayOptions {
  /** Plain permutations before the tail is split. Default 1,000. */
  readonly permutations?: number;
  /** Default 1. */
  readonly seed?: number;
  /** p below is given as this; the time of sets far in the tail grows with its logarithm. Default 1e-50. */
  readonly eps?: number;
  /** Default 15 and 500. */
  readonly sizes?: {readonly smallest: number; readonly largest: number};
  /** Told the share of the work that is done, 0 to 1. */
  readonly onProgress?: (share: number) => void;
}

/**
 * Ranks the genes of a comparison by their moderated t and tests gene sets in the ranking.
 *
 * @returns sets in the order of p, plain arrays that survive JSON
 */
export function testPathways(
  tests: DifferentialExpression,
  sets: readonly GeneSet[],
  {
    permutations = multilevelDefaults.permutations,
    seed = 1,
    eps = multilevelDefaults.eps,
    sizes,
    onProgress
  }: PathwayOptions = {}
): PublishedTests {
  const ranking = rankGenes(tests.genes, tests.t);
  const weights = hitWeights(ranking);
  const {sets: matched, ...untested} = matchGeneSets(sets, ranking, sizes);
  const nulls = gseaMultilevel(weights, matched, {permutations, seed, eps}, onProgress);
  const q = adjust(
    nulls.map(({p}) => p),
    "BH"
  );
  const pathways = matched.map((set, i) => {
    const {score, leadingEdge} = enrichmentScore(weights, set.places);
    return {
      name: set.name,
      size: set.places.length,
      named: set.named,
      enrichmentScore: score,
      normalisedScore: nulls[i].normalizedScore,
      p: nulls[i].p,
      q: q[i],
      errorOfLogP: Number.isNaN(nulls[i].log2Error) ? null : nulls[i].log2Error,
      leadingEdge: Array.from(leadingEdge, (place) => ranking.genes[place])
    };
  });
  const column = (values: Float64Array) => Array.from(values);
  return {
    genes: {
      gene: [...tests.genes],
      logFoldChange: column(tests.logFoldChange),
      lower: column(tests.lower),
      upper: column(tests.upper),
      meanExpression: column(tests.meanExpression),
      t: column(tests.t),
      p: column(tests.p),
      q: column(tests.q),
      b: column(tests.b)
    },
    pathways: pathways.sort((a, b) => a.p - b.p || Math.abs(b.normalisedScore) - Math.abs(a.normalisedScore)),
    untested,
    steps: [
      ...tests.steps,
      `Gene sets by GSEA of the moderated t, weight 1: ${permutations.toLocaleString("en-US")} permutations of genes, then fgsea's multilevel splitting, seed ${seed}; p below ${eps} are given as ${eps}.`
    ],
    warnings: tests.warnings,
    samples: tests.samples,
    names: tests.names
  };
}
