import type {DifferentialExpression} from "./differentialExpression.js";
import type {ExpressionKind} from "./expressionMatrix.js";

/** One gene set in a ranking. */
export interface PathwayResult {
  readonly name: string;
  /** Genes of the set that were tested, and that it names. */
  readonly size: number;
  readonly named: number;
  readonly enrichmentScore: number;
  readonly normalisedScore: number;
  readonly p: number;
  /** Benjamini–Hochberg over the sets tested. */
  readonly q: number;
  /** Monte-Carlo standard error of log₂ p; null where p is a bound only. */
  readonly errorOfLogP: number | null;
  /** From the strongest gene on. */
  readonly leadingEdge: readonly string[];
}

/** The tests of a comparison, as plain arrays that survive JSON. */
export interface PublishedTests {
  readonly genes: {readonly [K in keyof GeneColumns]: readonly GeneColumns[K][number][]};
  readonly pathways: readonly PathwayResult[];
  /** Sets that were not tested, by reason. */
  readonly untested: {
    readonly empty: readonly string[];
    readonly tooSmall: readonly string[];
    readonly tooLarge: readonly string[];
  };
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  readonly samples: readonly [number, number];
  /** Reference, group of interest: positive is higher in the latter. */
  readonly names: readonly [string, string];
}

/** Columns of the genes' table. */
export type GeneColumns = {readonly gene: readonly string[]} & Pick<
  DifferentialExpression,
  "logFoldChange" | "lower" | "upper" | "meanExpression" | "t" | "p" | "q" | "b"
>;

/** What the page on pathways reads, `data/pathways.json`. */
export interface PublishedPathways {
  readonly kind: ExpressionKind | null;
  /** Where the gene sets come from, in words. */
  readonly setsFrom: string;
  /** What made the groups of `tests`, in words and as a variable's id; null where there are no groups. */
  readonly compared: {readonly by: string; readonly variable: string} | null;
  readonly notes: readonly string[];
  readonly tests: PublishedTests | null;
  /** Why there are no tests. */
  readonly reason: string | null;
}
