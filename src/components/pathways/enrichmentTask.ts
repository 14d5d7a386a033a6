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
}

/** The same functions as at build time, on groups the reader has drawn. */
export function runEnrichmentTask({matrix, kind, sets, group, names}: EnrichmentTask): PublishedTests {
  const at = Array.from(group.keys()).filter((s) => group[s] >= 0);
  const genes = differentialExpression(keepSamples(matrix, at), {kind, group: at.map((s) => group[s]), names});
  return testPathways(genes, sets);
}
