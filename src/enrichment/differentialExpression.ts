import {groupDesign} from "./design.js";
import type {Covariate} from "./design.js";
import {EnrichmentInputError} from "./enrichmentInputError.js";
import {keepGenes, librarySizes} from "./expressionMatrix.js";
import type {ExpressionKind, ExpressionMatrix} from "./expressionMatrix.js";
import {filterByExpression} from "./filterByExpression.js";
import {linearModel} from "./linearModel.js";
import {moderatedT} from "./moderatedT.js";
import type {ModeratedT} from "./moderatedT.js";
import {trimmedMeanOfM} from "./trimmedMeanOfM.js";
import {voom} from "./voom.js";

/** Genes of a comparison of two groups of samples, with what was done to get there. */
export interface DifferentialExpression extends ModeratedT {
  readonly genes: readonly string[];
  /** One sentence each, in order. */
  readonly steps: readonly string[];
  readonly warnings: readonly string[];
  readonly samples: readonly [number, number];
  /** Reference, group of interest. */
  readonly names: readonly [string, string];
}

export interface DifferentialOptions {
  readonly kind: ExpressionKind;
  /** By sample: 1 belongs to the group of interest, 0 to the reference. */
  readonly group: ArrayLike<number>;
  /** Reference, group of interest. */
  readonly names: readonly [string, string];
  readonly covariates?: readonly Covariate[];
  /** Genes of outlying variance are kept from widening the prior of the others. Default false. */
  readonly robust?: boolean;
}

/** Added to FPKM and TPM before the logarithm. */
const OFFSET = 1;
/** Standard deviation, on the log₂ scale, that rounding alone can make. */
const ROUNDING = 1e-12;
/** FPKM or TPM that counts as expressed. */
const EXPRESSED = 0.5;

/**
 * Compares two groups of samples gene by gene: counts by filter, TMM, voom and moderated t; FPKM, TPM and log₂ values by
 * moderated t with a prior that follows the mean (limma-trend), and it says so.
 *
 * @throws {EnrichmentInputError} if the values cannot be what `kind` says, a group is too small, or no gene is left
 * @see R limma 3.54.1, edgeR 3.40.2
 */
export function differentialExpression(matrix: ExpressionMatrix, options: DifferentialOptions): DifferentialExpression {
  const {kind, group, names, covariates = [], robust = false} = options;
  const design = groupDesign(group, names, covariates);
  const warnings = checkValues(matrix, kind);
  const made = kind === "counts" ? ofCounts(matrix, group) : ofLogs(matrix, kind);
  if (made.matrix.genes.length < 2)
    throw new EnrichmentInputError(
      `${made.matrix.genes.length} of ${matrix.genes.length} genes are expressed enough, or vary at all, to be tested.`
    );
  const weighted = made.effective ? voom(made.matrix, design, made.effective) : null;
  const fit = linearModel(weighted?.expression ?? made.matrix, design, weighted?.weights);
  const spread = weighted ? weighted.trend.y.map((root) => root * root) : fit.sigma;
  if (spread.every((sigma) => sigma <= ROUNDING))
    throw new EnrichmentInputError("No gene varies within the groups, so nothing can be tested; check the values.");
  const tests = moderatedT(fit, 1, {trend: !made.effective, robust});
  const sizes = [0, 1].map((g) => Array.from(group).filter((v) => v === g).length) as [number, number];
  const adjusted = covariates.length > 0 ? `, adjusted for ${covariates.map(({name}) => name).join(", ")}` : "";
  return {
    ...tests,
    genes: made.matrix.genes,
    steps: [
      ...made.steps,
      `Moderated t of ${names[1]} (${sizes[1]} samples) against ${names[0]} (${sizes[0]})${adjusted}${robust ? "; robust prior" : ""}.`
    ],
    warnings,
    samples: sizes,
    names
  };
}

interface Prepared {
  readonly matrix: ExpressionMatrix;
  /** Effective library sizes of counts; null for values on a log scale. */
  readonly effective: Float64Array | null;
  readonly steps: readonly string[];
}

function ofCounts(counts: ExpressionMatrix, group: ArrayLike<number>): Prepared {
  const keep = filterByExpression(counts, Array.from(group));
  const matrix = keepGenes(counts, keep);
  const factors = trimmedMeanOfM(matrix);
  const effective = librarySizes(matrix).map((size, s) => size * factors[s]);
  return {
    matrix,
    effective,
    steps: [
      `${matrix.genes.length} of ${counts.genes.length} genes have enough counts (edgeR's filterByExpr).`,
      "Library sizes normalised by the trimmed mean of M-values; precision weights by voom."
    ]
  };
}

function ofLogs(matrix: ExpressionMatrix, kind: ExpressionKind): Prepared {
  if (kind === "log2") return ofLog2(matrix);
  const n = matrix.samples.length;
  const fewest = Math.max(3, Math.ceil(n / 10));
  const keep = Uint8Array.from(matrix.genes, (_, g) => {
    let expressed = 0;
    for (let s = 0; s < n; s++) expressed += Number(matrix.values[g * n + s] > EXPRESSED);
    return Number(expressed >= fewest);
  });
  const kept = keepGenes(matrix, keep);
  return {
    matrix: {...kept, values: kept.values.map((v) => Math.log2(v + OFFSET))},
    effective: null,
    steps: [
      `${kept.genes.length} of ${matrix.genes.length} genes exceed ${EXPRESSED} ${kind.toUpperCase()} in at least ${fewest} samples.`,
      `${kind.toUpperCase()} are no counts, so voom does not apply: log₂(${kind.toUpperCase()} + ${OFFSET}) with a prior variance that follows the mean (limma-trend).`
    ]
  };
}

/** A gene at one value everywhere, such as a floor, tells nothing; many of them would bend the trend of the prior. */
function ofLog2(matrix: ExpressionMatrix): Prepared {
  const n = matrix.samples.length;
  const varies = Uint8Array.from(matrix.genes, (_, g) => {
    const row = matrix.values.subarray(g * n, (g + 1) * n);
    return Number(row.some((v) => v !== row[0]));
  });
  const kept = keepGenes(matrix, varies);
  const dropped = matrix.genes.length - kept.genes.length;
  return {
    matrix: kept,
    effective: null,
    steps: [
      ...(dropped > 0 ? [`${dropped} of ${matrix.genes.length} genes have one value in all samples; left out.`] : []),
      "Values on the log₂ scale taken as they are; the prior variance follows the mean (limma-trend)."
    ]
  };
}

/** Refuses values that cannot be of the kind; warns of those that hardly are. */
function checkValues({genes, samples, values}: ExpressionMatrix, kind: ExpressionKind): string[] {
  const n = samples.length;
  let [whole, highest] = [true, -Infinity];
  for (let i = 0; i < values.length; i++) {
    const v = values[i];
    const where = () => `${genes[Math.floor(i / n)]}, sample ${samples[i % n]}`;
    if (!Number.isFinite(v))
      throw new EnrichmentInputError(`${where()}: the value is missing or infinite; leave the gene out or fill it in.`);
    if (v < 0 && kind !== "log2")
      throw new EnrichmentInputError(
        `${where()}: ${v} is negative, which ${kind} cannot be; if these are logarithms, say "log2" in study.json.`
      );
    if (v !== Math.floor(v)) whole = false;
    if (v > highest) highest = v;
  }
  if (kind === "counts" && !whole) {
    if (highest < 30)
      throw new EnrichmentInputError(
        `The counts are no whole numbers and none exceeds ${highest.toPrecision(3)}: they look like logarithms. Say "log2" in study.json.`
      );
    return ["The counts are no whole numbers (estimated counts?); they are used as they are."];
  }
  if (kind === "log2" && highest > 50)
    return [
      `The highest log₂ value is ${highest.toPrecision(3)}, which is too much for a logarithm: are these raw values?`
    ];
  return [];
}
