import {describe, expect, it} from "vitest";
import {differentialExpression} from "../../src/enrichment/differentialExpression.js";
import {groupDesign} from "../../src/enrichment/design.js";
import {keepGenes, librarySizes} from "../../src/enrichment/expressionMatrix.js";
import type {ExpressionMatrix} from "../../src/enrichment/expressionMatrix.js";
import {filterByExpression} from "../../src/enrichment/filterByExpression.js";
import {linearModel} from "../../src/enrichment/linearModel.js";
import {logCpm} from "../../src/enrichment/logCpm.js";
import {moderatedT} from "../../src/enrichment/moderatedT.js";
import type {ModeratedT} from "../../src/enrichment/moderatedT.js";
import {trimmedMeanOfM} from "../../src/enrichment/trimmedMeanOfM.js";
import {voom} from "../../src/enrichment/voom.js";
import {tetragamma, trigammaInverse} from "../../src/numeric/gammaFunctions.js";
import {lowess} from "../../src/numeric/lowess.js";
import {philox} from "../../src/numeric/random.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Table {
  logFC: number[];
  lower: number[];
  upper: number[];
  mean: number[];
  t: number[];
  p: number[];
  q: number[];
  b: number[];
  dfPrior: number | "Inf";
  dfTotal: number;
  posterior: number[];
}
interface Case {
  name: string;
  counts: number[][];
  group: number[];
  covariate: number[];
  factor: string[];
  keep: number[];
  factors: number[];
  logCpm: number[];
  voomE: number[];
  weights: number[];
  voom: Table;
  trend: Table;
  plain: Table;
}
const truth = readFixture<{
  cases: Case[];
  lowess: {x: number[]; y: number[]; fx: number[]; fy: number[]}[];
  tetragamma: {x: number[]; y: number[]};
  trigammaInverse: {y: number[]; x: number[]};
}>("differentialExpression");

const each = (x: ArrayLike<number>, k: number) => {
  const at = Array.from({length: Math.ceil(x.length / k)}, (_, i) => i * k);
  return [...new Set([...at, x.length - 1])].map((i) => x[i]);
};
/** R goes down the columns, sample by sample. */
const bySample = ({genes, samples, values}: ExpressionMatrix) =>
  Float64Array.from({length: values.length}, (_, i) => {
    const [s, g] = [Math.floor(i / genes.length), i % genes.length];
    return values[g * samples.length + s];
  });

function matrixOf(rows: readonly (readonly number[])[]): ExpressionMatrix {
  return {
    genes: rows.map((_, g) => `g${g + 1}`),
    samples: rows[0].map((_, s) => `s${s + 1}`),
    values: Float64Array.from(rows.flat())
  };
}

function prepared(c: Case) {
  const all = matrixOf(c.counts);
  const counts = keepGenes(all, filterByExpression(all, c.group));
  const factors = trimmedMeanOfM(counts);
  const effective = librarySizes(counts).map((size, s) => size * factors[s]);
  const levels = [...new Set(c.factor)].sort();
  const design = groupDesign(
    c.group,
    ["0", "1"],
    [
      {name: "covariate", values: c.covariate},
      {name: "factor", labels: c.factor, levels}
    ]
  );
  return {all, counts, factors, effective, design};
}

function expectTable(actual: ModeratedT, expected: Table): void {
  expectClose(actual.logFoldChange, expected.logFC, 1e-8);
  expectClose(actual.meanExpression, expected.mean, 1e-10);
  expectClose(actual.t, expected.t, 1e-8);
  expectClose(actual.p, expected.p, 1e-7);
  expectClose(actual.q, expected.q, 1e-7);
  expectClose(each(actual.variancePosterior, 7), expected.posterior, 1e-8);
  if (expected.dfPrior === "Inf") expect(actual.dfPrior[0]).toBe(Infinity);
  else expectClose([actual.dfPrior[0]], expected.dfPrior, 1e-7);
  expectClose([actual.dfTotal[0]], expected.dfTotal, 1e-7);
  for (const [column, wanted] of [
    [actual.lower, expected.lower],
    [actual.upper, expected.upper],
    [actual.b, expected.b]
  ] as const)
    wanted.forEach((value, i) => expect(Math.abs(column[i] - value)).toBeLessThanOrEqual(1e-7 * (1 + Math.abs(value))));
}

describe.each(truth.cases)("differential expression of $name", (c) => {
  const {all, counts, factors, effective, design} = prepared(c);

  it("keeps the genes edgeR keeps, with edgeR's TMM factors and log-CPM", () => {
    expect(Array.from(filterByExpression(all, c.group))).toEqual(c.keep);
    expectClose(factors, c.factors, 1e-12);
    expectClose(each(bySample(logCpm(counts, effective)), 23), c.logCpm, 1e-10);
  });

  it("has limma's voom values, weights and moderated t", () => {
    const made = voom(counts, design, effective);
    expectClose(each(bySample(made.expression), 23), c.voomE, 1e-10);
    expectClose(each(bySample({...made.expression, values: made.weights}), 23), c.weights, 1e-8);
    expectTable(moderatedT(linearModel(made.expression, design, made.weights), 1), c.voom);
  });

  it("has limma's moderated t with a trend, and without one", () => {
    const logs = logCpm(counts, effective);
    expectTable(moderatedT(linearModel(logs, design), 1, {trend: true}), c.trend);
    expectTable(moderatedT(linearModel(logs, groupDesign(c.group, ["0", "1"])), 1), c.plain);
  });

  it("does the same in one go, and says what it did", () => {
    const covariates = [
      {name: "covariate", values: c.covariate},
      {name: "factor", labels: c.factor, levels: [...new Set(c.factor)].sort()}
    ];
    const found = differentialExpression(all, {kind: "counts", group: c.group, names: ["low", "high"], covariates});
    expectTable(found, c.voom);
    expect(found.genes).toEqual(counts.genes);
    expect(found.steps[0]).toBe(
      `${counts.genes.length} of ${all.genes.length} genes have enough counts (edgeR's filterByExpr).`
    );
    expect(found.steps.at(-1)).toContain("adjusted for covariate, factor");
  });
});

describe("its numerical parts", () => {
  it.each(truth.lowess.map((l, i) => ({...l, i})))("lowess agrees with R: $i", ({x, y, fx, fy}) => {
    const actual = lowess(x, y, 0.5);
    expectClose(actual.x, fx, 1e-12);
    fy.forEach((value, i) => expect(Math.abs(actual.y[i] - value)).toBeLessThanOrEqual(1e-10 * (1 + Math.abs(value))));
  });

  it("tetragamma and the inverse of trigamma agree with R", () => {
    expectClose(truth.tetragamma.x.map(tetragamma), truth.tetragamma.y, 1e-12);
    expectClose(truth.trigammaInverse.y.map(trigammaInverse), truth.trigammaInverse.x, 1e-8);
  });
});

describe("values that cannot be what study.json says", () => {
  const {uniform} = philox(4);
  const rows = (of: () => number) => Array.from({length: 30}, () => Array.from({length: 8}, of));
  const options = {group: [0, 0, 0, 0, 1, 1, 1, 1], names: ["low", "high"] as const};

  it.each([
    ["logarithms given as counts", rows(() => 12 * uniform()), "counts", "they look like logarithms"],
    ["negative counts", rows(() => Math.round(100 * uniform() - 5)), "counts", "is negative, which counts cannot be"],
    ["a missing value", rows(() => (uniform() < 0.02 ? NaN : 50)), "counts", "is missing or infinite"],
    ["log values that never vary", rows(() => 5), "log2", "0 of 30 genes are expressed enough, or vary at all"],
    ["counts that never vary", rows(() => 100), "counts", "No gene varies within the groups"],
    [
      "a sample without counts",
      rows(() => Math.round(300 * uniform() + 50)).map((row) => row.with(2, 0)),
      "counts",
      "has no counts in the genes that are kept; leave it out"
    ],
    ["no gene expressed", rows(() => 0), "counts", "0 of 30 genes are expressed enough, or vary at all"]
  ] as const)("are refused: %s", (_, matrix, kind, reason) => {
    expect(() => differentialExpression(matrixOf(matrix), {...options, kind})).toThrow(reason);
  });

  it("are used with a warning where they may be right", () => {
    const estimated = differentialExpression(matrixOf(rows(() => 200 * uniform())), {...options, kind: "counts"});
    expect(estimated.warnings[0]).toContain("no whole numbers");
    const raw = differentialExpression(matrixOf(rows(() => 5000 * uniform())), {...options, kind: "log2"});
    expect(raw.warnings[0]).toContain("too much for a logarithm");
  });

  it("leave out genes at a floor, say so, and test the others as if those were not there", () => {
    const varying = rows(() => 12 * uniform());
    const floor = rows(() => 0);
    const all = differentialExpression(matrixOf([...varying, ...floor, ...floor]), {...options, kind: "log2"});
    expect(all.steps[0]).toBe("60 of 90 genes have one value in all samples; left out.");
    const alone = differentialExpression(matrixOf(varying), {...options, kind: "log2"});
    expect(all.t).toEqual(alone.t);
    expect(alone.t.every(Number.isFinite)).toBe(true);
  });

  it("with many genes of one mean still have a trend", () => {
    const tied = rows(() => 0).map((_, g) => Array.from({length: 8}, (_, s) => (s % 2 ? 1 : -1) * (1 + g / 30)));
    const found = differentialExpression(matrixOf([...tied, ...tied, ...rows(() => 9 * uniform())]), {
      ...options,
      kind: "log2"
    });
    expect(found.t.every(Number.isFinite)).toBe(true);
  });

  it("need three samples a group, and covariates that tell more than the groups", () => {
    const matrix = matrixOf(rows(() => Math.round(300 * uniform())));
    expect(() => differentialExpression(matrix, {...options, kind: "counts", group: [0, 0, 0, 0, 0, 0, 1, 1]})).toThrow(
      '"high" has 2 samples; each group needs at least 3.'
    );
    const covariates = [{name: "again", values: options.group}];
    expect(() => differentialExpression(matrix, {...options, kind: "counts", covariates})).toThrow(
      "A covariate depends on the groups"
    );
  });

  it("say that FPKM are no counts", () => {
    const found = differentialExpression(matrixOf(rows(() => 40 * uniform() ** 3)), {...options, kind: "fpkm"});
    expect(found.steps[1]).toContain("FPKM are no counts, so voom does not apply");
  });
});

describe("data without a difference", () => {
  it("give uniform p (Kolmogorov–Smirnov)", () => {
    const {normal} = philox(12);
    const genes = 2000;
    const rows = Array.from({length: genes}, () => {
      const sd = 0.3 + 0.2 * normal() ** 2;
      return Array.from({length: 14}, () => 6 + sd * normal());
    });
    const {p} = differentialExpression(matrixOf(rows), {
      kind: "log2",
      group: [0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1],
      names: ["a", "b"]
    });
    const distance = Array.from(p)
      .sort((a, b) => a - b)
      .reduce((most, v, i) => Math.max(most, Math.abs(v - i / genes), Math.abs(v - (i + 1) / genes)), 0);
    // 1.63 / √n is the 1% point.
    expect(distance).toBeLessThan(1.63 / Math.sqrt(genes));
  });
});
