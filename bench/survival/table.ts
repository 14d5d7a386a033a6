import {execFileSync} from "node:child_process";
import {mkdtempSync, rmSync} from "node:fs";
import {cpus, tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {concordance, coxph, logRank, surv} from "../../src/survival/index.js";
import {benchCohort, writeCsv} from "./cohort.js";
import type {BenchCohort} from "./cohort.js";
import {timeLarge, timeSmall} from "./stratum.js";
import type {Timings} from "./stratum.js";

type Answer = Timings & {R: string; survival: string; values: {chiSquare: number; coef: number; concordance: number}};

/** One line of the table: what, R's and our milliseconds, and the ratio asked for. */
interface Line {
  readonly what: string;
  readonly r: number;
  readonly ours: number;
  readonly target: number | null;
}

/** Times the survival core against R's on the same CSV, and returns the table as Markdown. */
export function survivalTable(): string {
  const folder = mkdtempSync(join(tmpdir(), "stratum-bench-"));
  try {
    const small = benchCohort(420);
    writeCsv(join(folder, "small.csv"), small);
    const sections = [100_000, 1_000_000].map((n) => {
      const cohort = benchCohort(n);
      const ours = timeLarge(cohort);
      writeCsv(join(folder, "cohort.csv"), cohort);
      const r = inR(folder, n === 100_000);
      agree(cohort, r);
      const lines = [...large(n, r, ours), ...(n === 100_000 ? few(r, timeSmall(small)) : [])];
      return {r, lines, memory: n === 1_000_000 ? bytesPerRow(cohort) : null};
    });
    const {R, survival} = sections[0].r;
    return [
      `${cpus()[0].model}, ${cpus().length} cores; Node ${process.version}; ${R}, survival ${survival}.`,
      "",
      "| what | R, ms | Stratum, ms | R ÷ Stratum | target |",
      "|---|---:|---:|---:|---:|",
      ...sections.flatMap(({lines}) => lines.map(row)),
      "",
      `Peak memory of sort, Kaplan–Meier, log-rank and one-covariate Cox at n = 1,000,000: ${sections[1].memory} bytes a row beyond the columns themselves, the growth of the whole process (target: under 200).`
    ].join("\n");
  } finally {
    rmSync(folder, {recursive: true});
  }
}

function inR(folder: string, withSmall: boolean): Answer {
  const script = fileURLToPath(new URL("bench.R", import.meta.url));
  const files = [join(folder, "cohort.csv"), ...(withSmall ? [join(folder, "small.csv")] : [])];
  return JSON.parse(execFileSync("Rscript", [script, ...files], {encoding: "utf8"})) as Answer;
}

/** A fast wrong answer is worth nothing. */
function agree({time, event, group, x}: BenchCohort, {values}: Answer): void {
  const cohort = surv({time, event});
  const ours = {
    chiSquare: logRank({surv: cohort, group}).chiSquare,
    coef: coxph({surv: cohort, terms: {x1: x[0]}}).coef[0],
    concordance: concordance({surv: cohort, score: x[0]}).concordance
  };
  for (const name of ["chiSquare", "coef", "concordance"] as const)
    if (!(Math.abs(ours[name] / values[name] - 1) < 1e-8))
      throw new Error(`bench: ${name} is ${ours[name]}, R has ${values[name]}.`);
}

function large(n: number, r: Answer, ours: Timings): Line[] {
  const at = `n = ${n.toLocaleString("en")}`;
  const three = (t: Timings) => t.survfit + t.survdiff + t.cox1;
  return [
    {what: `${at}: KM + log-rank + Cox (1), sort included`, r: three(r), ours: three(ours) + ours.sort, target: 10},
    {what: `${at}: the same on a sorted cohort`, r: three(r), ours: three(ours), target: 40},
    {what: `${at}: KM by group`, r: r.survfit, ours: ours.survfit, target: null},
    {what: `${at}: log-rank`, r: r.survdiff, ours: ours.survdiff, target: null},
    {what: `${at}: Cox, one covariate`, r: r.cox1, ours: ours.cox1, target: null},
    {what: `${at}: Cox, five covariates`, r: r.cox5, ours: ours.cox5, target: 5},
    {what: `${at}: C-index with its SE`, r: r.concordance, ours: ours.concordance, target: 10}
  ];
}

function few(r: Answer, ours: Timings): Line[] {
  return [
    {
      what: "n = 420: 1,000 bootstrap refits, 4 covariates, with C (under 1,000 ms)",
      r: r.bootstrap,
      ours: ours.bootstrap,
      target: null
    },
    {what: "n = 420: log-rank at every cut", r: r.scan, ours: ours.scan, target: 100}
  ];
}

function row({what, r, ours, target}: Line): string {
  const digits = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
  return `| ${what} | ${digits(r)} | ${digits(ours)} | ${(r / ours).toFixed(1)} | ${target ?? ""} |`;
}

/** Growth of the process by the analysis of a million rows, in a process of its own. */
function bytesPerRow({time}: BenchCohort): number {
  const script = fileURLToPath(new URL("memory.ts", import.meta.url));
  const tsx = fileURLToPath(new URL("../../node_modules/tsx/dist/cli.mjs", import.meta.url));
  const said = execFileSync(process.execPath, ["--expose-gc", tsx, script, String(time.length)], {encoding: "utf8"});
  return Math.round(Number(said));
}
