import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {GeneRanking} from "./geneRanking.js";

/** A gene set as a GMT line gives it. */
export interface NamedGenes {
  readonly name: string;
  readonly genes: readonly string[];
  /** Genes it has where `genes` holds only some of them. Default: those of `genes`. */
  readonly named?: number;
}

/** A gene set as places in a ranking. */
export interface RankedGeneSet {
  readonly name: string;
  /** Ascending 0-based places of its genes, each once. */
  readonly places: Int32Array;
  /** Distinct genes the set names, with those the ranking lacks. */
  readonly named: number;
}

/** Gene sets to test, and by name those that are not. */
export interface MatchedGeneSets {
  readonly sets: readonly RankedGeneSet[];
  /** No gene in the ranking. */
  readonly empty: readonly string[];
  readonly tooSmall: readonly string[];
  /** Over the limit, or every gene of the ranking. */
  readonly tooLarge: readonly string[];
}

/** Numbers of genes found between which a set is tested, unless others are asked for. GSEA's. */
export const setSizeLimits = {smallest: 15, largest: 500};

/**
 * Finds the sets' genes in a ranking and keeps sets whose overlap lies within the limits. Genes a set names twice count
 * once.
 *
 * @param sets - in any order, which is kept
 * @param limits - of the number of genes found, both ends included; 15 to 500 by default, as GSEA
 * @throws {EnrichmentInputError} if the limits are no range, or two sets share a name
 */
export function matchGeneSets(
  sets: readonly NamedGenes[],
  {placeOf}: Pick<GeneRanking, "placeOf">,
  {smallest = setSizeLimits.smallest, largest = setSizeLimits.largest}: {smallest?: number; largest?: number} = {}
): MatchedGeneSets {
  if (!(smallest >= 1 && smallest <= largest))
    throw new EnrichmentInputError(`Gene sets: sizes from ${smallest} to ${largest} are no range; give 1 or more.`);
  const matched: RankedGeneSet[] = [];
  const [empty, tooSmall, tooLarge]: string[][] = [[], [], []];
  const names = new Set<string>();
  for (const {name, genes, named} of sets) {
    if (names.has(name)) throw new EnrichmentInputError(`Gene sets: two are called ${name}; rename one.`);
    names.add(name);
    const distinct = new Set(genes);
    const places = [...distinct].map((gene) => placeOf.get(gene)).filter((place) => place !== undefined);
    if (places.length === 0) empty.push(name);
    else if (places.length < smallest) tooSmall.push(name);
    else if (places.length > largest || places.length === placeOf.size) tooLarge.push(name);
    else matched.push({name, places: Int32Array.from(places).sort(), named: named ?? distinct.size});
  }
  return {sets: matched, empty, tooSmall, tooLarge};
}
