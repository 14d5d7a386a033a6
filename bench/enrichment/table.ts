import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {gunzipSync} from "node:zlib";
import {runEnrichmentTask} from "../../src/components/pathways/enrichmentTask.js";
import type {EnrichmentTask} from "../../src/components/pathways/enrichmentTask.js";
import {
  differentialExpression,
  groupDesign,
  gseaMultilevel,
  gseaPermutation,
  keepSamples,
  librarySizes,
  linearModel,
  moderatedT,
  readGmt,
  trimmedMeanOfM,
  voom
} from "../../src/enrichment/index.js";
import type {ExpressionMatrix} from "../../src/enrichment/index.js";
import {drawnCounts, drawnSets, rankedSets} from "./workload.js";

const NAMES = ["a", "b"] as const;

/** CPU milliseconds of one run: other work on the machine does not count. */
function cpu(run: () => unknown): number {
  const start = process.cpuUsage();
  run();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** Median of runs after two that warm the engine. */
function median(run: () => unknown, runs = 5): number {
  run();
  run();
  const times = Array.from({length: runs}, () => cpu(run)).sort((a, b) => a - b);
  return times[runs >> 1];
}

/** Times enrichment: GSEA, a comparison the reader draws, and moderated t against R's limma. Markdown. */
export function enrichmentTable(): string {
  return [
    "| what (CPU time of one core) | ms | target |",
    "|---|---:|---:|",
    ...gsea(),
    ...recomputed(),
    "",
    againstLimma()
  ].join("\n");
}

const line = (what: string, ms: number, target: number | null) => `| ${what} | ${ms.toFixed(0)} | ${target ?? ""} |`;

function gsea(): string[] {
  const small = rankedSets(2000, 60, 1);
  gseaMultilevel(small.weights, small.sets, {eps: 1e-10});
  const large = rankedSets(12_000, 1500, 2);
  const fifty = rankedSets(20_000, 50, 3);
  return [
    line(
      "12,000 genes, 1,500 sets, multilevel to 1e-10",
      cpu(() => gseaMultilevel(large.weights, large.sets, {eps: 1e-10})),
      null
    ),
    line(
      "20,000 genes, 50 sets, 10,000 permutations",
      median(() => gseaPermutation(fifty.weights, fifty.sets, {permutations: 10_000}), 3),
      1000
    )
  ];
}

/** The task the page sends to its worker: counts in, tables out. */
function recomputed(): string[] {
  const go = readGmt(
    gunzipSync(readFileSync(new URL("../../data-loaders/geneSets/go_bp.gmt.gz", import.meta.url))).toString("utf8")
  );
  const genes = [...new Set(go.flatMap((set) => set.genes))].slice(0, 15_000);
  const fifty = drawnSets(genes, 50, 4);
  const matrix = drawnCounts(genes, 120, fifty, 5);
  const task: Omit<EnrichmentTask, "sets"> = {
    matrix,
    kind: "counts",
    group: Int8Array.from(matrix.samples, (_, s) => (s % 2 ? -1 : Number(s >= 60))),
    names: NAMES
  };
  const at = Array.from(matrix.samples.keys()).filter((s) => task.group[s] >= 0);
  const group = at.map((s) => task.group[s]);
  return [
    line(
      "60 of 120 samples, 15,000 genes: filter, TMM, voom, moderated t",
      median(() => differentialExpression(keepSamples(matrix, at), {kind: "counts", group, names: NAMES})),
      null
    ),
    line(
      "the same and GSEA of 50 sets of 40 to 200 genes, as the page's worker does it",
      median(() => runEnrichmentTask({...task, sets: fifty})),
      1500
    ),
    line(
      `the same with the ${go.length.toLocaleString("en-US")} built-in GO sets`,
      cpu(() => runEnrichmentTask({...task, sets: go})),
      null
    )
  ];
}

function againstLimma(): string {
  const genes = Array.from({length: 15_000}, (_, g) => `g${g}`);
  const counts = drawnCounts(genes, 60, drawnSets(genes, 50, 6), 7);
  const r = inR(counts);
  const group = counts.samples.map((_, s) => Number(s >= 30));
  const compare = () => differentialExpression(counts, {kind: "counts", group, names: NAMES});
  const made = compare();
  // A fast wrong answer is worth nothing.
  made.genes.forEach((gene, g) => {
    if (gene !== r.gene[g] || !(Math.abs(made.t[g] - r.t[g]) <= 1e-8 * Math.max(1, Math.abs(r.t[g]))))
      throw new Error(`moderated t of ${gene}: ${made.t[g]}, R's limma ${r.t[g]} (${r.gene[g]})`);
  });
  const all = median(compare);
  const kept = new Set(made.genes);
  const expressed = genes.flatMap((gene, g) => (kept.has(gene) ? [g] : []));
  const matrix = {
    genes: made.genes,
    samples: counts.samples,
    values: Float64Array.from(expressed.flatMap((g) => Array.from(counts.values.subarray(g * 60, (g + 1) * 60))))
  };
  const factors = trimmedMeanOfM(matrix);
  const design = groupDesign(group, NAMES, []);
  const weighted = voom(
    matrix,
    design,
    librarySizes(matrix).map((size, s) => size * factors[s])
  );
  const moderated = median(() => moderatedT(linearModel(weighted.expression, design, weighted.weights), 1));
  return [
    `| 15,000 genes, 60 samples (edgeR ${r.edgeR}, limma ${r.limma}; t equal to 1e-8) | R, ms | Stratum, ms | R ÷ Stratum |`,
    "|---|---:|---:|---:|",
    `| filter, TMM, voom, weighted fits, moderated t | ${r.all.toFixed(0)} | ${all.toFixed(0)} | ${(r.all / all).toFixed(1)} |`,
    `| weighted fits and moderated t alone | ${r.moderated.toFixed(0)} | ${moderated.toFixed(0)} | ${(r.moderated / moderated).toFixed(1)} |`
  ].join("\n");
}

interface Answer {
  readonly limma: string;
  readonly edgeR: string;
  readonly all: number;
  readonly moderated: number;
  readonly gene: readonly string[];
  readonly t: readonly number[];
}

function inR({genes, samples, values}: ExpressionMatrix): Answer {
  const folder = mkdtempSync(join(tmpdir(), "stratum-bench-"));
  try {
    const n = samples.length;
    const rows = genes.map((gene, g) => [gene, ...values.subarray(g * n, (g + 1) * n)].join("\t"));
    writeFileSync(join(folder, "counts.tsv"), [["gene", ...samples].join("\t"), ...rows].join("\n"));
    const script = fileURLToPath(new URL("limma.R", import.meta.url));
    const text = execFileSync("Rscript", [script, join(folder, "counts.tsv"), String(n / 2)], {
      encoding: "utf8",
      maxBuffer: 1 << 28
    });
    return JSON.parse(text) as Answer;
  } finally {
    rmSync(folder, {recursive: true});
  }
}
