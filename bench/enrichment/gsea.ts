import {spawnSync} from "node:child_process";
import {mkdtempSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {gseaMultilevel, gseaPermutation, hitWeights, rankGenes} from "../../src/enrichment/index.js";
import {philox} from "../../src/numeric/random.js";

// GSEA on one core, CPU time, the engine warmed first. Where R has fgsea, it runs the same ranking and sets on one core and
// the ratio is printed. Run: npx tsx bench/enrichment/gsea.ts

/** A ranking of t-like statistics and sets of 15 to 500 genes, one in six of them leaning to an end. */
function workload(genes: number, count: number, seed: number) {
  const random = philox(seed);
  const statistics = Float64Array.from({length: genes}, () => random.normal() * (1 + random.uniform()));
  const ranking = rankGenes(
    Array.from(statistics, (_, i) => `g${i}`),
    statistics
  );
  const sets = Array.from({length: count}, (_, i) => {
    const size = Math.round(15 * (500 / 15) ** random.uniform());
    const lean = i % 6 === 0 ? 1 + 2 * random.uniform() : 1;
    const places = new Set<number>();
    while (places.size < size) {
      const at = Math.floor(random.uniform() ** lean * genes);
      places.add(i % 12 === 0 ? genes - 1 - at : at);
    }
    return {places: Int32Array.from(places).sort()};
  });
  return {ranking, weights: hitWeights(ranking), sets};
}

function cpuMilliseconds(run: () => void): number {
  const start = process.cpuUsage();
  run();
  const {user, system} = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** CPU milliseconds of fgsea on the same data, or NaN where R has no fgsea. */
function fgseaMilliseconds({ranking, sets}: ReturnType<typeof workload>, eps: number): number {
  const folder = mkdtempSync(join(tmpdir(), "gsea-bench-"));
  const file = join(folder, "workload.json");
  writeFileSync(
    file,
    JSON.stringify({s: Array.from(ranking.statistics), p: sets.map(({places}) => Array.from(places, (i) => i + 1))})
  );
  const script = `if (!requireNamespace("fgsea", quietly = TRUE)) quit(status = 3)
    w <- jsonlite::fromJSON("${file}", simplifyMatrix = FALSE); s <- setNames(w$s, seq_along(w$s))
    p <- setNames(lapply(w$p, as.character), seq_along(w$p))
    t <- system.time(suppressWarnings(fgsea::fgseaMultilevel(p, s, eps = ${eps}, nproc = 1)))
    cat((t[[1]] + t[[2]]) * 1000)`;
  const {status, stdout} = spawnSync("Rscript", ["-e", script], {encoding: "utf8"});
  rmSync(folder, {recursive: true});
  return status === 0 ? Number(stdout.trim()) : NaN;
}

const small = workload(2000, 60, 1);
gseaMultilevel(small.weights, small.sets, {eps: 1e-10});
const large = workload(12_000, 1500, 2);
const ours = cpuMilliseconds(() => gseaMultilevel(large.weights, large.sets, {eps: 1e-10}));
const theirs = fgseaMilliseconds(large, 1e-10);
console.log(`12,000 genes, 1,500 sets, to 1e-10: ${ours.toFixed(0)} ms`);
console.log(Number.isNaN(theirs) ? "R has no fgsea here: no ratio" : `ours ÷ fgsea: ${(ours / theirs).toFixed(2)}`);
const fifty = workload(20_000, 50, 3);
const permuted = cpuMilliseconds(() => gseaPermutation(fifty.weights, fifty.sets, {permutations: 10_000}));
console.log(`20,000 genes, 50 sets, 10,000 permutations: ${permuted.toFixed(0)} ms`);
