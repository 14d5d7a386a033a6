import {execFileSync} from "node:child_process";
import {mkdtempSync, readFileSync, rmSync, writeFileSync} from "node:fs";
import {tmpdir} from "node:os";
import {join} from "node:path";
import {fileURLToPath} from "node:url";
import {readCohort} from "../../src/cohort/readCohort.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Filter, Selection} from "../../src/cohort/selection.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import type {StudyDescription} from "../../src/cohort/description.js";
import {filterPlan} from "./filterPlan.js";
import {answerBySql, openSql} from "./filterSql.js";

/** What all three must agree on: the lowest survival of each group, the log-rank χ², the Cox coefficient and its error. */
export interface FilterAnswer {
  readonly survival: readonly [number, number];
  readonly chiSquare: number;
  readonly coef: number;
  readonly standardError: number;
}

const TOLERANCE = 1e-8;

/**
 * A change of filter answered by the page's own code, by SQL alone in the DuckDB that the site ships, and by R: mask,
 * Kaplan–Meier, log-rank and Cox model of two groups. The page's answer has limits, medians and survival at the years too.
 *
 * @param folders - of study.json and cohort.arrow, one a size
 * @returns the table as Markdown
 * @throws {Error} if two answers differ by more than 1e-8 of themselves
 */
export async function filterTable(folders: readonly string[]): Promise<string> {
  const lines: string[] = [];
  for (const folder of folders) lines.push(await line(folder));
  return [
    "| n | Stratum, ms | DuckDB SQL, ms | R, ms | SQL ÷ Stratum | R ÷ Stratum |",
    "|---:|---:|---:|---:|---:|---:|",
    ...lines
  ].join("\n");
}

async function line(folder: string): Promise<string> {
  const study = JSON.parse(readFileSync(join(folder, "study.json"), "utf8")) as StudyDescription;
  const cohort = readCohort(new Uint8Array(readFileSync(join(folder, "cohort.arrow"))), study);
  const runs = cohort.n > 500_000 ? 3 : cohort.n > 10_000 ? 7 : 25;
  const levels = levelFilters(study);
  const selections = levels.map((filter): Selection => ({...defaultSelection(study), filters: [filter]}));
  // Ours is compiled as it runs: every change of the warm-up is another one than the last, as a reader's are.
  for (let k = 0; k < Math.max(6, 40_000 / cohort.n); k++) ours(cohort, selections[k % selections.length]);
  const own = median(runs, (k) => ours(cohort, selections[k % selections.length]));
  const truth = ours(cohort, selections[0]);
  const connection = await openSql(cohort);
  const groups = groupLevels(study);
  const bySql = (selection: Selection) => answerBySql(connection, filterPlan(selection, groups));
  agree(`DuckDB, n = ${cohort.n}`, bySql(selections[0]), truth);
  const sql = median(runs, (k) => bySql(selections[k % selections.length]));
  connection.close();
  const r = inR(cohort, selections[0], groups, runs);
  agree(`R, n = ${cohort.n}`, r, truth);
  const digits = (ms: number) => (ms < 10 ? ms.toFixed(1) : ms.toFixed(0));
  return `| ${cohort.n.toLocaleString("en-US")} | ${digits(own)} | ${digits(sql)} | ${digits(r.ms)} | ${(sql / own).toFixed(1)} | ${(r.ms / own).toFixed(1)} |`;
}

/** One level of the first stratum after another: most of the patients change with each. */
function levelFilters({strata, variables}: StudyDescription): Filter[] {
  const {id, levels} = variables.find((variable) => variable.id === strata[0])!;
  return levels!.map(({value}) => ({variable: id, levels: [value]}));
}

function groupLevels(study: StudyDescription): [string, string] {
  const {stratifyBy} = defaultSelection(study);
  const variable = study.variables.find(({id}) => id === stratifyBy)!;
  const values = variable.levels!.map(({value}) => value);
  const reference = variable.reference ?? values[0];
  return [reference, values.find((value) => value !== reference)!];
}

function ours(cohort: Cohort, selection: Selection): FilterAnswer {
  const {groups, logRank, cox} = survivalAnswer(cohort, selection, rowMask(cohort, selection));
  const [first, second] = groups.map(({curve}) => curve.survival[curve.survival.length - 1]);
  return {
    survival: [first, second],
    chiSquare: logRank!.chiSquare,
    coef: cox!.coef[0],
    standardError: cox!.standardError[0]
  };
}

function median(runs: number, run: (k: number) => unknown): number {
  const times = Array.from({length: runs}, (_, k) => {
    const start = performance.now();
    run(k);
    return performance.now() - start;
  });
  return times.sort((a, b) => a - b)[runs >> 1];
}

/** A fast wrong answer is worth nothing. */
function agree(who: string, found: FilterAnswer, truth: FilterAnswer): void {
  const numbers = ({survival, ...rest}: FilterAnswer) => [
    ...survival,
    ...(["chiSquare", "coef", "standardError"] as const).map((name) => rest[name])
  ];
  numbers(found).forEach((value, at) => {
    const own = numbers(truth)[at];
    if (!(Math.abs(value - own) <= TOLERANCE * Math.abs(own)))
      throw new Error(`bench: number ${at} of the filtered answer is ${own}, ${who} has ${value}.`);
  });
}

function inR(cohort: Cohort, selection: Selection, [first]: readonly [string, string], runs: number) {
  const folder = mkdtempSync(join(tmpdir(), "stratum-bench-"));
  try {
    const {time, event} = cohort.followUp(selection.endpoint);
    const group = cohort.variable(selection.stratifyBy!);
    if (group.type !== "categorical") throw new TypeError("The usual groups are not levels.");
    const mask = rowMask(cohort, selection);
    const rows = ["time,event,group,kept"];
    for (let i = 0; i < cohort.n; i++) {
      const level = group.levels[group.codes[i]]?.value;
      if (time[i] === time[i] && level !== undefined)
        rows.push(`${time[i]},${event[i]},${Number(level !== first)},${mask[i]}`);
    }
    const file = join(folder, "rows.csv");
    writeFileSync(file, rows.join("\n"));
    const script = fileURLToPath(new URL("filter.R", import.meta.url));
    const said = execFileSync("Rscript", [script, file, String(Math.min(runs, 7))], {encoding: "utf8"});
    return JSON.parse(said) as FilterAnswer & {readonly ms: number};
  } finally {
    rmSync(folder, {recursive: true});
  }
}
