import {EnrichmentInputError} from "./enrichmentInputError.js";

/** Genes from the highest statistic to the lowest. */
export interface GeneRanking {
  readonly genes: readonly string[];
  /** Descending, one a gene. */
  readonly statistics: Float64Array;
  /** Gene to its 0-based place in the ranking. */
  readonly placeOf: ReadonlyMap<string, number>;
  /** Share of genes whose statistic another gene has too: among them, the order is that of the file. */
  readonly tieShare: number;
}

/**
 * Ranks genes for enrichment: descending, ties in the order given (as `fgsea`, whose `sort` is stable).
 *
 * @param genes - names, each once
 * @param statistics - one a gene, such as a moderated t
 * @throws {EnrichmentInputError} on a repeated gene, an infinite or missing statistic, or fewer than two genes
 */
export function rankGenes(genes: readonly string[], statistics: ArrayLike<number>): GeneRanking {
  checkRanking(genes, statistics);
  const order = Uint32Array.from(genes.keys()).sort((a, b) => statistics[b] - statistics[a] || a - b);
  const ranked = Array.from(order, (row) => genes[row]);
  const descending = Float64Array.from(order, (row) => statistics[row]);
  return {
    genes: ranked,
    statistics: descending,
    placeOf: new Map(ranked.map((gene, place) => [gene, place])),
    tieShare: shareOfTies(descending)
  };
}

function checkRanking(genes: readonly string[], statistics: ArrayLike<number>): void {
  if (genes.length !== statistics.length)
    throw new EnrichmentInputError(
      `Ranking: ${genes.length} genes but ${statistics.length} statistics; give one statistic a gene.`
    );
  if (genes.length < 2)
    throw new EnrichmentInputError(
      `Ranking: ${genes.length} gene${genes.length === 1 ? "" : "s"}; enrichment needs a ranking of at least two.`
    );
  const firstRow = new Map<string, number>();
  genes.forEach((gene, row) => {
    const value = statistics[row];
    if (!Number.isFinite(value)) {
      const mend = Number.isNaN(value)
        ? "leave out genes without a statistic"
        : "rank by a finite statistic, such as a moderated t or a signed log p that is capped";
      throw new EnrichmentInputError(`Ranking, gene ${row + 1} (${gene}): the statistic is ${value}; ${mend}.`);
    }
    const first = firstRow.get(gene);
    if (first !== undefined)
      throw new EnrichmentInputError(
        `Ranking, gene ${row + 1}: ${gene} is there already as gene ${first + 1}; keep one row a gene.`
      );
    firstRow.set(gene, row);
  });
}

function shareOfTies(descending: Float64Array): number {
  let tied = 0;
  for (let i = 0; i < descending.length; i++)
    if (descending[i] === descending[i - 1] || descending[i] === descending[i + 1]) tied++;
  return tied / descending.length;
}
