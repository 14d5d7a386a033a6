import {normalCdf} from "../numeric/distributions.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {emptyRange, runningSumRange} from "./enrichmentScore.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";
import {checkExpression, dropConstantGenes, momentsOf, type GeneSetRows, type SampleScores} from "./singleSample.js";

export interface GsvaOptions {
  /** Gaussian for continuous values such as log-CPM, Poisson for counts. */
  readonly kernel?: "Gaussian" | "Poisson";
  /** Highest plus lowest running sum (default), or the one farther from 0. */
  readonly difference?: boolean;
  /** Power of the rank's weight; 1 by default. */
  readonly tau?: number;
}

// The package reads the normal distribution from a table of this step, rounded towards 0; ranks of genes hang on it.
const TABLE_STEPS = 10_000;
const TABLE_END = 10;

/**
 * Gene set variation analysis: each gene's values become the log odds of its kernel-smoothed distribution over the samples;
 * each sample's genes are ranked by it, and a running sum weighted by distance from the middle rank is scored. Genes that do
 * not vary are left out.
 *
 * @param sets - from `geneSetRows`
 * @throws {EnrichmentInputError} if a value is missing, a count negative, fewer than two samples are given, or a set is left
 *   with no gene or all genes
 * @see Hänzelmann, Castelo, Guinney (2013) BMC Bioinformatics 14:7; R `GSVA::gsva(method = "gsva")` 1.46
 */
export function gsva(
  matrix: ExpressionMatrix,
  sets: readonly GeneSetRows[],
  {kernel = "Gaussian", difference = true, tau = 1}: GsvaOptions = {}
): SampleScores {
  checkExpression(matrix);
  if (kernel === "Poisson") checkCounts(matrix);
  const {matrix: varying, sets: left, constantGenes} = dropConstantGenes(matrix, sets);
  const [genes, samples] = [varying.genes.length, varying.samples.length];
  const odds = kernel === "Gaussian" ? gaussianLogOdds(varying) : poissonLogOdds(varying);
  // Weight of a place, from the top: distance from the middle.
  const weights = Float64Array.from({length: genes}, (_, place) => Math.abs(genes - place - genes / 2) ** tau);
  const scores = new Float64Array(left.length * samples);
  const placeOf = new Int32Array(genes);
  const range = emptyRange();
  for (let sample = 0; sample < samples; sample++) {
    const column = Float64Array.from({length: genes}, (_, gene) => odds[gene * samples + sample]);
    // Infinite log odds are ties too: compare, do not subtract.
    const order = Uint32Array.from(column.keys()).sort(
      (a, b) => Number(column[a] < column[b]) - Number(column[a] > column[b]) || a - b
    );
    order.forEach((gene, place) => (placeOf[gene] = place));
    left.forEach(({rows}, set) => {
      const places = rows.map((row) => placeOf[row]).sort();
      const {highest, lowest} = runningSumRange(weights, places, places.length, range);
      // Of equal extremes GSVA takes the lowest.
      const extreme = highest > -lowest ? highest : lowest;
      scores[set * samples + sample] = difference ? highest + lowest : extreme;
    });
  }
  return {scores, constantGenes};
}

/** log(F ÷ (1 − F)) of each value, F the mean of normal distributions about all values with bandwidth sd ÷ 4. */
function gaussianLogOdds({genes, samples, values}: ExpressionMatrix): Float64Array {
  const n = samples.length;
  const table = Float64Array.from({length: TABLE_STEPS + 1}, (_, i) => normalCdf((TABLE_END * i) / TABLE_STEPS));
  const odds = new Float64Array(values.length);
  for (let gene = 0; gene < genes.length; gene++) {
    const row = values.subarray(gene * n, (gene + 1) * n);
    const bandwidth = momentsOf(row).sd / 4;
    for (let i = 0; i < n; i++) {
      let sum = 0;
      for (let j = 0; j < n; j++) {
        const v = (row[i] - row[j]) / bandwidth;
        if (v > TABLE_END) sum += 1;
        else if (v >= -TABLE_END) {
          const cdf = table[Math.trunc((Math.abs(v) / TABLE_END) * TABLE_STEPS)];
          sum += v < 0 ? 1 - cdf : cdf;
        }
      }
      odds[gene * n + i] = logOdds(sum / n);
    }
  }
  return odds;
}

/**
 * The same with Poisson distributions of mean value + ½; a count that recurs is computed once a gene. Summed in ascending
 * order, so that genes with the same counts in other samples tie exactly; the package leaves their order to rounding.
 */
function poissonLogOdds({genes, samples, values}: ExpressionMatrix): Float64Array {
  const n = samples.length;
  const odds = new Float64Array(values.length);
  for (let gene = 0; gene < genes.length; gene++) {
    const row = values.subarray(gene * n, (gene + 1) * n);
    const ascending = row.slice().sort();
    const distinct = ascending.filter((count, i) => count !== ascending[i - 1]);
    const cdf = new Float64Array(distinct.length);
    for (const count of ascending) addPoissonCdf(count + 0.5, distinct, cdf);
    const oddsOf = new Map(Array.from(distinct, (count, i) => [count, logOdds(cdf[i] / n)]));
    for (let i = 0; i < n; i++) odds[gene * n + i] = oddsOf.get(row[i])!;
  }
  return odds;
}

/**
 * Adds P(Poisson(mean) ≤ count) for ascending counts. Probabilities relative to the mode's are summed until they vanish
 * (about 18 √mean of them), so no special function limits the accuracy at large means.
 */
function addPoissonCdf(mean: number, counts: Float64Array, sums: Float64Array): void {
  const mode = Math.floor(mean);
  let [first, term] = [mode, 1];
  while (first > 0 && term > 1e-20) term *= first-- / mean;
  // From the lower end up; the chance of less is lost to rounding.
  let [at, upTo] = [first, 0];
  const cumulative = counts.map((count) => {
    for (const last = Math.floor(count + 1e-7); at <= last && (at < mode || term > 1e-20); at++) {
      upTo += term;
      term *= mean / (at + 1);
    }
    return upTo;
  });
  for (; at < mode || term > 1e-20; at++) {
    upTo += term;
    term *= mean / (at + 1);
  }
  for (let i = 0; i < sums.length; i++) sums[i] += cumulative[i] / upTo;
}

const logOdds = (p: number) => -Math.log((1 - p) / p);

function checkCounts({genes, samples, values}: ExpressionMatrix): void {
  const bad = values.findIndex((value) => value < 0);
  if (bad >= 0)
    throw new EnrichmentInputError(
      `GSVA: ${genes[Math.floor(bad / samples.length)]} in sample ${samples[bad % samples.length]} is ${values[bad]}; ` +
        "the Poisson kernel takes counts, use the Gaussian one for logged values."
    );
}
