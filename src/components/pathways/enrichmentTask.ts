import {differentialExpression} from "../../enrichment/differentialExpression.js";
import {keepSamples} from "../../enrichment/expressionMatrix.js";
import type {ExpressionKind, ExpressionMatrix} from "../../enrichment/expressionMatrix.js";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {testPathways} from "../../enrichment/testPathways.js";

/** A comparison of two groups of samples, as it is sent to a worker. */
export interface EnrichmentTask {
  readonly matrix: ExpressionMatrix;
  readonly kind: ExpressionKind;
  readonly sets: readonly GeneSet[];
  /** By sample: 1 the group of interest, 0 the reference, −1 neither. */
  readonly group: Int8Array;
  /** Reference, group of interest. */
  readonly names: readonly [string, string];
  /** As limma's `eBayes(robust = TRUE)`. */
  readonly robust?: boolean;
}

/** A reader waits: sets far in the tail take five times as long to 1e-50 as to this. */
const SMALLEST_P = 1e-10;

/** Share of the work that is done when the genes are; the sets take the rest. */
const GENES_DONE = 0.1;

/** The same functions as at build time, on groups the reader has drawn. @param onProgress - told the share done */
export function runEnrichmentTask(
  {matrix, kind, sets, group, names, robust = false}: EnrichmentTask,
  onProgress: (share: number) => void = () => {}
): PublishedTests {
  const at = Array.from(group.keys()).filter((s) => group[s] >= 0);
  const drawn = {kind, group: at.map((s) => group[s]), names, robust};
  const genes = differentialExpression(keepSamples(matrix, at), drawn);
  onProgress(GENES_DONE);
  return testPathways(genes, sets, {
    eps: SMALLEST_P,
    onProgress: (share) => onProgress(GENES_DONE + (1 - GENES_DONE) * share)
  });
}
