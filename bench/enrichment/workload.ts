import type {ExpressionMatrix} from "../../src/enrichment/expressionMatrix.js";
import {hitWeights, rankGenes} from "../../src/enrichment/index.js";
import type {GeneSet} from "../../src/enrichment/readGeneSets.js";
import {philox} from "../../src/numeric/random.js";

/** A ranking of t-like statistics and sets of 15 to 500 genes, one in six of them leaning to an end. */
export function rankedSets(genes: number, count: number, seed: number) {
  const random = philox(seed);
  const statistics = Float64Array.from({length: genes}, () => random.normal() * (1 + random.uniform()));
  const ranking = rankGenes(
    Array.from(statistics, (_, i) => `g${i}`),
    statistics
  );
  const sets = Array.from({length: count}, (_, i) => {
    const size = Math.round(15 * (500 / 15) ** random.uniform());
    const lean = i % 6 === 0 ? 1 + 2 * random.uniform() : 1;
    const places = new Set<number>();
    while (places.size < size) {
      const at = Math.floor(random.uniform() ** lean * genes);
      places.add(i % 12 === 0 ? genes - 1 - at : at);
    }
    return {places: Int32Array.from(places).sort()};
  });
  return {ranking, weights: hitWeights(ranking), sets};
}

/**
 * Counts of two groups: means over four decades, a log-normal spread of genes and samples, Poisson noise by its normal
 * limit. The genes of every tenth set are moved in the second half of the samples.
 */
export function drawnCounts(genes: readonly string[], samples: number, sets: readonly GeneSet[], seed: number) {
  const random = philox(seed);
  const moved = new Map(sets.flatMap((set, i) => (i % 10 === 0 ? set.genes.map((gene) => [gene, 0.25] as const) : [])));
  const depth = Float64Array.from({length: samples}, () => Math.exp(0.2 * random.normal()));
  const values = new Float64Array(genes.length * samples);
  genes.forEach((gene, g) => {
    const mean = Math.exp(5 + 1.8 * random.normal());
    const shift = moved.get(gene) ?? 0;
    for (let s = 0; s < samples; s++) {
      const rate = mean * depth[s] * Math.exp(0.4 * random.normal() + (2 * s >= samples ? shift : 0));
      values[g * samples + s] = Math.max(0, Math.round(rate + Math.sqrt(rate) * random.normal()));
    }
  });
  return {genes, samples: Array.from({length: samples}, (_, s) => `s${s}`), values} satisfies ExpressionMatrix;
}

/** Sets of 40 to 200 genes, as the Hallmark collection has. */
export function drawnSets(genes: readonly string[], count: number, seed: number): GeneSet[] {
  const random = philox(seed);
  return Array.from({length: count}, (_, i) => ({
    name: `set ${i}`,
    description: "",
    genes: random.shuffle([...genes]).slice(0, 40 + random.integer(161))
  }));
}
