import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";

/** A score of each gene set in each sample. */
export interface SampleScores {
  /** Gene sets × samples, set by set. */
  readonly scores: Float64Array;
  /** Rows of genes left out for not varying. */
  readonly constantGenes: Int32Array;
}

/** A gene set as rows of an expression matrix. */
export interface GeneSetRows {
  readonly name: string;
  readonly rows: Int32Array;
}

/**
 * Rows of the sets' genes in a matrix; sets with no gene in it are named.
 *
 * @throws {EnrichmentInputError} if a gene is in the matrix twice
 */
export function geneSetRows(
  sets: readonly {readonly name: string; readonly genes: readonly string[]}[],
  genes: readonly string[]
): {sets: GeneSetRows[]; empty: string[]} {
  const rowOf = new Map<string, number>();
  genes.forEach((gene, row) => {
    const first = rowOf.get(gene);
    if (first !== undefined)
      throw new EnrichmentInputError(
        `Expression matrix: ${gene} is in rows ${first + 1} and ${row + 1}; keep one row a gene.`
      );
    rowOf.set(gene, row);
  });
  const found = sets.map(({name, genes: named}) => ({
    name,
    rows: Int32Array.from([...new Set(named)].map((gene) => rowOf.get(gene)).filter((row) => row !== undefined)).sort()
  }));
  return {
    sets: found.filter(({rows}) => rows.length > 0),
    empty: found.filter(({rows}) => rows.length === 0).map(({name}) => name)
  };
}

/**
 * Single-sample GSEA: the difference of two cumulative distributions over the genes of one sample, those in the set weighted
 * by rank^alpha. A sample's score without normalisation depends on that sample alone.
 *
 * @param sets - from `geneSetRows`
 * @param options - alpha 0.25; normalise (default) divides by the range over all sets and samples
 * @throws {EnrichmentInputError} if a value is missing, or a set is empty or all genes
 * @see Barbie et al. (2009) Nature 462:108; R `GSVA::gsva(method = "ssgsea")` 1.46
 */
export function ssgsea(
  matrix: ExpressionMatrix,
  sets: readonly GeneSetRows[],
  {alpha = 0.25, normalise = true}: {alpha?: number; normalise?: boolean} = {}
): SampleScores {
  checkExpression(matrix);
  const [genes, samples] = [matrix.genes.length, matrix.samples.length];
  checkSets(sets, genes);
  const scores = new Float64Array(sets.length * samples);
  const column = new Float64Array(genes);
  const placeOf = new Int32Array(genes);
  const rank = new Int32Array(genes);
  for (let sample = 0; sample < samples; sample++) {
    for (let gene = 0; gene < genes; gene++) column[gene] = matrix.values[gene * samples + sample];
    rankColumn(column, rank, placeOf);
    sets.forEach(({rows}, set) => {
      let [weighted, total, passed] = [0, 0, 0];
      for (const row of rows) {
        const weight = rank[row] ** alpha;
        weighted += weight * (genes - placeOf[row]);
        total += weight;
        passed += genes - placeOf[row];
      }
      const outside = ((genes * (genes + 1)) / 2 - passed) / (genes - rows.length);
      scores[set * samples + sample] = weighted / total - outside;
    });
  }
  if (normalise) {
    const [low, high] = scores.reduce(([l, h], v) => [Math.min(l, v), Math.max(h, v)], [Infinity, -Infinity]);
    for (let i = 0; i < scores.length; i++) scores[i] /= high - low;
  }
  return {scores, constantGenes: new Int32Array(0)};
}

/** Ascending average ranks cut to whole numbers, as GSVA cuts them; and places by descending rank, ties in file order. */
function rankColumn(column: Float64Array, rank: Int32Array, placeOf: Int32Array): void {
  const order = Uint32Array.from(column.keys()).sort((a, b) => column[a] - column[b] || a - b);
  for (let from = 0; from < order.length;) {
    let to = from + 1;
    while (to < order.length && column[order[to]] === column[order[from]]) to++;
    const average = Math.floor((from + 1 + to) / 2);
    for (let i = from; i < to; i++) {
      rank[order[i]] = average;
      placeOf[order[i]] = order.length - to + (i - from);
    }
    from = to;
  }
}

/**
 * Combined z-score: sum of a set's standardised genes ÷ √ of their number. Genes that do not vary are left out.
 *
 * @throws {EnrichmentInputError} if a value is missing, fewer than two samples are given, or a set has no gene left
 * @see Lee et al. (2008) PLoS Comput Biol 4:e1000217; R `GSVA::gsva(method = "zscore")` 1.46
 */
export function zScores(matrix: ExpressionMatrix, sets: readonly GeneSetRows[]): SampleScores {
  checkExpression(matrix);
  const samples = matrix.samples.length;
  const {matrix: varying, sets: left, constantGenes} = dropConstantGenes(matrix, sets);
  const scores = new Float64Array(left.length * samples);
  left.forEach(({rows}, set) => {
    for (const row of rows) {
      const values = varying.values.subarray(row * samples, (row + 1) * samples);
      const {mean, sd} = momentsOf(values);
      for (let i = 0; i < samples; i++) scores[set * samples + i] += (values[i] - mean) / sd / Math.sqrt(rows.length);
    }
  });
  return {scores, constantGenes};
}

/** The matrix and the sets without genes whose standard deviation is under 1e-10, as GSVA leaves them out. */
export function dropConstantGenes({genes, samples, values}: ExpressionMatrix, sets: readonly GeneSetRows[]) {
  const n = samples.length;
  if (n < 2) throw new EnrichmentInputError(`Sample scores: ${n} sample; scores relative to others need two or more.`);
  const newRow = new Int32Array(genes.length).fill(-1);
  const kept: number[] = [];
  const constant: number[] = [];
  genes.forEach((_, row) => {
    if (momentsOf(values.subarray(row * n, (row + 1) * n)).sd < 1e-10) constant.push(row);
    else newRow[row] = kept.push(row) - 1;
  });
  const left = sets.map(({name, rows}) => ({name, rows: rows.map((row) => newRow[row]).filter((row) => row >= 0)}));
  checkSets(left, kept.length);
  const keptValues = new Float64Array(kept.length * n);
  kept.forEach((row, to) => keptValues.set(values.subarray(row * n, (row + 1) * n), to * n));
  const matrix: ExpressionMatrix = {genes: kept.map((row) => genes[row]), samples, values: keptValues};
  return {matrix, sets: left, constantGenes: Int32Array.from(constant)};
}

/** Mean and standard deviation (n − 1). */
export function momentsOf(values: Float64Array): {mean: number; sd: number} {
  const mean = values.reduce((sum, v) => sum + v, 0) / values.length;
  return {mean, sd: Math.sqrt(values.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (values.length - 1))};
}

/** @throws {EnrichmentInputError} naming the first gene and sample whose value is not finite */
export function checkExpression({genes, samples, values}: ExpressionMatrix): void {
  const bad = values.findIndex((value) => !Number.isFinite(value));
  if (bad >= 0) {
    const [gene, sample] = [genes[Math.floor(bad / samples.length)], samples[bad % samples.length]];
    throw new EnrichmentInputError(
      `Sample scores: ${gene} in sample ${sample} is ${values[bad]}; leave the gene out or fill it in.`
    );
  }
}

export function checkSets(sets: readonly GeneSetRows[], genes: number): void {
  for (const {name, rows} of sets)
    if (rows.length === 0 || rows.length >= genes)
      throw new EnrichmentInputError(
        `Sample scores: gene set ${name} holds ${rows.length} of the ${genes} genes that can be scored; leave it out.`
      );
}
