import {adjust} from "../numeric/adjust.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import type {NamedGenes} from "./geneSetSizes.js";

/** Over-representation of one gene set among chosen genes. */
export interface OverRepresentation {
  readonly name: string;
  /** Genes of the set in the universe. */
  readonly size: number;
  /** Genes both chosen and in the set, in the order chosen. */
  readonly overlap: readonly string[];
  readonly expected: number;
  /** Overlap ÷ expected. */
  readonly foldEnrichment: number;
  /** P(overlap at least so large) when as many genes are drawn from the universe. */
  readonly p: number;
  /** Benjamini–Hochberg over the sets tested. */
  readonly adjustedP: number;
}

export interface OverRepresentationResult {
  readonly sets: readonly OverRepresentation[];
  /** Sets whose size in the universe is outside the limits, empty ones among them. */
  readonly notTested: readonly string[];
  readonly chosen: number;
  readonly universe: number;
}

/**
 * P(X ≥ overlap) of the hypergeometric distribution. Ratios of neighbours are summed from the mode, so that no logarithm of a
 * factorial loses digits. R `phyper(overlap - 1, inSet, universe - inSet, drawn, lower.tail = FALSE)`.
 */
export function hypergeometricUpperTail(overlap: number, inSet: number, universe: number, drawn: number): number {
  const least = Math.max(0, drawn + inSet - universe);
  const most = Math.min(inSet, drawn);
  if (overlap <= least) return 1;
  if (overlap > most) return 0;
  const mode = Math.min(most, Math.max(least, Math.floor(((drawn + 1) * (inSet + 1)) / (universe + 2))));
  // P(x + 1) ÷ P(x)
  const ratio = (x: number) => ((inSet - x) * (drawn - x)) / ((x + 1) * (universe - inSet - drawn + x + 1));
  let [upper, lower] = [0, 0];
  for (let [x, term] = [mode, 1]; x <= most && term > 0; term *= ratio(x++)) {
    if (x >= overlap) upper += term;
    else lower += term;
  }
  for (let [x, term] = [mode - 1, mode > least ? 1 / ratio(mode - 1) : 0]; x >= least && term > 0; term /= ratio(--x)) {
    if (x >= overlap) upper += term;
    else lower += term;
    if (x === least) break;
  }
  return upper / (upper + lower);
}

/**
 * Tests gene sets for holding more of the chosen genes than chance would bring.
 *
 * @param chosen - such as the genes that differ; each must be in the universe
 * @param universe - all genes that could have been chosen: those tested
 * @param limits - of a set's size in the universe; 15 to 500 by default
 * @throws {EnrichmentInputError} if no gene is chosen, or one is not in the universe
 * @see `fgsea::fora`, R `phyper`
 */
export function overRepresentation(
  sets: readonly NamedGenes[],
  chosen: readonly string[],
  universe: readonly string[],
  {smallest = 15, largest = 500}: {smallest?: number; largest?: number} = {}
): OverRepresentationResult {
  const all = new Set(universe);
  const drawn = new Set(chosen);
  if (drawn.size === 0) throw new EnrichmentInputError("Over-representation: no gene is chosen; loosen the threshold.");
  for (const gene of drawn)
    if (!all.has(gene))
      throw new EnrichmentInputError(
        `Over-representation: ${gene} is chosen but not in the universe; give all genes tested as the universe.`
      );
  const notTested: string[] = [];
  const tested = sets.flatMap(({name, genes}) => {
    const members = new Set(genes.filter((gene) => all.has(gene)));
    if (members.size < Math.max(1, smallest) || members.size > largest) {
      notTested.push(name);
      return [];
    }
    const overlap = [...drawn].filter((gene) => members.has(gene));
    const expected = (members.size * drawn.size) / all.size;
    const p = hypergeometricUpperTail(overlap.length, members.size, all.size, drawn.size);
    return [{name, size: members.size, overlap, expected, foldEnrichment: overlap.length / expected, p}];
  });
  const adjusted = adjust(
    Float64Array.from(tested, ({p}) => p),
    "BH"
  );
  return {
    sets: tested.map((set, i) => ({...set, adjustedP: adjusted[i]})),
    notTested,
    chosen: drawn.size,
    universe: all.size
  };
}
