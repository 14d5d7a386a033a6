/** What the numbers of an expression matrix are. */
export type ExpressionKind = "counts" | "fpkm" | "tpm" | "log2";

/** Expression of genes in samples. */
export interface ExpressionMatrix {
  readonly genes: readonly string[];
  readonly samples: readonly string[];
  /** Gene by gene: gene g in sample s is at g × samples.length + s. */
  readonly values: Float64Array;
}

/** Some of the genes, in their order. @param keep - length genes; 1 stays */
export function keepGenes({genes, samples, values}: ExpressionMatrix, keep: Uint8Array): ExpressionMatrix {
  const n = samples.length;
  const kept = Array.from(keep.keys()).filter((g) => keep[g] === 1);
  const out = new Float64Array(kept.length * n);
  kept.forEach((g, k) => out.set(values.subarray(g * n, (g + 1) * n), k * n));
  return {genes: kept.map((g) => genes[g]), samples, values: out};
}

/** Some of the samples, in the order given. @param at - positions of samples */
export function keepSamples({genes, samples, values}: ExpressionMatrix, at: readonly number[]): ExpressionMatrix {
  const n = samples.length;
  const out = new Float64Array(genes.length * at.length);
  for (let g = 0; g < genes.length; g++)
    for (let k = 0; k < at.length; k++) out[g * at.length + k] = values[g * n + at[k]];
  return {genes, samples: at.map((s) => samples[s]), values: out};
}

/** Sum of each sample. */
export function librarySizes({genes, samples, values}: ExpressionMatrix): Float64Array {
  const n = samples.length;
  const sums = new Float64Array(n);
  for (let g = 0; g < genes.length; g++) for (let s = 0; s < n; s++) sums[s] += values[g * n + s];
  return sums;
}
