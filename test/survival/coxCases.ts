import type {CoxOptions, Ties} from "../../src/survival/coxph.js";
import type {ZphTransform} from "../../src/survival/coxZph.js";
import type {Terms} from "../../src/survival/designColumns.js";
import type {SurvivalInterval} from "../../src/survival/kaplanMeier.js";
import {evaluate} from "./cohorts.js";
import {numbers, readDataset, readFixture} from "./referenceData.js";

export type Column = (number | null)[];
export interface Test {
  statistic: number;
  df: number;
  p: number;
}
export interface Case {
  name: string;
  data: string;
  terms: string[];
  interactions: [string, string][];
  strata: string | null;
  ties: Ties;
  entry: string | null;
  time: string;
  event: string;
  weight: string | null;
  cluster: string | null;
  robust: boolean | null;
  names: string[];
  coef: Column;
  standardError: Column;
  naive: Column;
  z: Column;
  p: Column;
  logLikelihood: number[];
  n: number;
  events: number;
  likelihoodRatio: Test;
  score: Test;
  wald: Test;
  baseline: {rows: number; time: number[]; hazard: number[]};
  martingale: number[];
  deviance: number[];
  scoreResiduals: Column[];
  dfbeta: Column[];
  schoenfeld: number[][];
  scaled?: number[][];
  zph?: {transform: ZphTransform; term: string[]; chiSquare: number[]; df: number[]; p: number[]}[];
  newdata?: Record<string, (number | string)[]>;
  times?: number[];
  predicted?: ({interval: SurvivalInterval} & Record<"survival" | "standardError" | "lower" | "upper", number[][]>)[];
}
/** R's fit of one level of a forest. */
export interface ForestLine {
  hazardRatio: number;
  lower: number;
  upper: number;
  p: number;
  n: number[];
  events: number[];
}
export const fixture = readFixture<{
  cases: Case[];
  nested: ({data: string} & Test)[];
  forests: {
    data: string;
    time: string;
    event: string;
    group: string;
    subgroup: string;
    rows: ({level: string} & ForestLine)[];
    interaction: Test;
  }[];
  separated: {data: {time: number; event: number; x: number; z: number}[]; likelihoodRatio: number};
}>("coxph");

/** Levels of factors in R's order; what is not here is a number. */
export const levels: Record<string, (string | number)[]> = {
  celltype: ["squamous", "smallcell", "adeno", "large"],
  disease: ["Other", "GN", "AN", "PKD"],
  size: ["<=20", "20-50", ">50"],
  ecog: [0, 1, 2, 3],
  trt: ["A", "B"]
};

export function term(data: string, name: string): Terms[string] {
  const columns = readDataset(data);
  if (name === "log(bili)") return numbers(columns, "bili").map(Math.log);
  if (name === "cubed") return numbers(columns, "nodes").map((nodes) => nodes ** 3);
  if (name === "flat") return numbers(columns, "age").fill(3);
  if (name === "double") return numbers(columns, "age").map((age) => 2 * age - 1);
  const source = columns[name === "ecog" ? "ph.ecog" : name];
  return isFactor(name, source) ? {values: source, levels: levelsOf(name, source)} : numbers(columns, name);
}

export function isFactor(name: string, source: readonly unknown[]): boolean {
  return ["ecog", "inst"].includes(name) || typeof source.find((v) => v !== null) === "string";
}

export function levelsOf(name: string, source: readonly (string | number | null)[]): (string | number)[] {
  if (levels[name]) return levels[name];
  const found = [...new Set(source)].filter((v) => v !== null);
  return found.every((v) => typeof v === "number") ? found.sort((a, b) => a - b) : found.sort();
}

export function inputs(c: Case) {
  const columns = readDataset(c.data);
  return {
    time: evaluate(columns, c.time),
    event: evaluate(columns, c.event),
    ...(c.entry ? {entry: evaluate(columns, c.entry)} : {}),
    ...(c.weight ? {weight: evaluate(columns, c.weight)} : {}),
    ...(c.strata ? {strata: columns[c.strata]} : {}),
    terms: Object.fromEntries(c.terms.map((name) => [name, term(c.data, name)]))
  };
}

export const options = (c: Case): CoxOptions => ({
  ties: c.ties,
  interactions: c.interactions,
  ...(c.cluster ? {cluster: readDataset(c.data)[c.cluster]} : {}),
  ...(c.robust === null ? {} : {robust: c.robust})
});
