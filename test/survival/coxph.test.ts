import {describe, expect, it} from "vitest";
import {baselineHazard} from "../../src/survival/baselineHazard.js";
import {compareNested} from "../../src/survival/compareNested.js";
import {coxph} from "../../src/survival/coxph.js";
import type {CoxOptions, Ties} from "../../src/survival/coxph.js";
import {coxResiduals, schoenfeldResiduals} from "../../src/survival/coxResiduals.js";
import {coxZph} from "../../src/survival/coxZph.js";
import type {ZphTransform} from "../../src/survival/coxZph.js";
import type {Terms} from "../../src/survival/designColumns.js";
import {forest} from "../../src/survival/forest.js";
import {linearPredictor, predictSurvival} from "../../src/survival/predictSurvival.js";
import {evaluate} from "./cohorts.js";
import {expectClose, numbers, readDataset, readFixture} from "./referenceData.js";

type Column = (number | null)[];
interface Test {
  statistic: number;
  df: number;
  p: number;
}
interface Case {
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
  newdata?: Record<string, number[]>;
  times?: number[];
  predicted?: Record<"survival" | "standardError" | "lower" | "upper", number[][]>;
}
const fixture = readFixture<{
  cases: Case[];
  nested: ({data: string} & Test)[];
  separated: {data: {time: number; event: number; x: number; z: number}[]; likelihoodRatio: number};
}>("coxph");

/** Levels of factors in R's order; what is not here is a number. */
const levels: Record<string, (string | number)[]> = {
  celltype: ["squamous", "smallcell", "adeno", "large"],
  disease: ["Other", "GN", "AN", "PKD"],
  size: ["<=20", "20-50", ">50"],
  ecog: [0, 1, 2, 3],
  trt: ["A", "B"]
};

function term(data: string, name: string): Terms[string] {
  const columns = readDataset(data);
  if (name === "log(bili)") return numbers(columns, "bili").map(Math.log);
  if (name === "flat") return numbers(columns, "age").fill(3);
  if (name === "double") return numbers(columns, "age").map((age) => 2 * age - 1);
  const source = columns[name === "ecog" ? "ph.ecog" : name];
  if (name === "ecog" || typeof source.find((v) => v !== null) === "string") {
    const found = [...new Set(source)].filter((v) => v !== null).sort() as (string | number)[];
    return {
      values: source,
      levels: levels[name] && name !== "trt" && name !== "size" ? levels[name] : (levels[name] ?? found)
    };
  }
  return numbers(columns, name);
}

function inputs(c: Case) {
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

const options = (c: Case): CoxOptions => ({
  ties: c.ties,
  interactions: c.interactions,
  ...(c.cluster ? {cluster: readDataset(c.data)[c.cluster]} : {}),
  ...(c.robust === null ? {} : {robust: c.robust})
});

/** Every k-th value and the last, as the script keeps them. */
function each(values: ArrayLike<number>, k: number): number[] {
  const all = Array.from(values);
  return all.filter((_, i) => i % k === 0 || i === all.length - 1);
}

/** Within 1e-7 of R's value, or of the size of the column where a value is next to 0 by cancellation. */
function expectNear(actual: readonly number[], expected: Column, scale = 1): void {
  expect(actual.length).toBe(expected.length);
  expected.forEach((value, i) => {
    if (value === null) return expect(actual[i]).toBeNaN();
    expect(Math.abs(actual[i] - value), `value ${i}: ${actual[i]} against R's ${value}`).toBeLessThanOrEqual(
      1e-7 * Math.max(Math.abs(value), scale)
    );
  });
}
const spread = (column: Column) => Math.max(...column.map((v) => Math.abs(v ?? 0)), 1e-12);

describe.each(fixture.cases)("coxph against R: $name ($data)", (c) => {
  const fit = coxph(inputs(c), options(c));

  it("has R's coefficients, errors and tests", () => {
    expect(fit.names).toEqual(c.names);
    expect([fit.n, fit.events]).toEqual([c.n, c.events]);
    expectClose(fit.coef, c.coef, 1e-7);
    expectClose(fit.standardError, c.standardError, 1e-7);
    expectClose(fit.naiveStandardError, c.naive, 1e-7);
    expectClose(fit.z, c.z, 1e-7);
    expectClose(fit.p, c.p, 1e-6);
    expectClose(fit.logLikelihood, c.logLikelihood, 1e-10);
    for (const name of ["likelihoodRatio", "score", "wald"] as const) {
      expect(fit[name].df).toBe(c[name].df);
      expectClose([fit[name].statistic], c[name].statistic, 1e-7);
      expectClose([fit[name].p], c[name].p, 2e-6);
    }
    expect(fit.converged).toBe(true);
  });

  it("has R's baseline hazard", () => {
    const {time, hazard, stratum} = baselineHazard(fit);
    // R has the strata in the order of the factor.
    const position = (k: number) => (stratum ? (levels[c.strata!]?.indexOf(stratum[k] as string) ?? 0) : 0);
    const order = Array.from(time.keys()).sort((a, b) => position(a) - position(b) || a - b);
    expect(time.length).toBe(c.baseline.rows);
    expectClose(
      each(
        order.map((k) => time[k]),
        25
      ),
      c.baseline.time,
      1e-12
    );
    expectClose(
      each(
        order.map((k) => hazard[k]),
        25
      ),
      c.baseline.hazard,
      1e-7
    );
  });

  it("has R's residuals", () => {
    const {martingale, deviance, score, dfbeta} = coxResiduals(fit);
    const used = (column: Float64Array) =>
      each(
        column.filter((_, i) => !Number.isNaN(martingale[i])),
        23
      );
    expectNear(used(martingale), c.martingale);
    expectNear(used(deviance), c.deviance);
    const schoenfeld = schoenfeldResiduals(fit);
    const untied = !c.strata && new Set(schoenfeld.time).size === schoenfeld.time.length;
    c.names.forEach((_, j) => {
      if (c.coef[j] === null) return;
      expectNear(used(score[j]), c.scoreResiduals[j], spread(c.scoreResiduals[j]));
      expectNear(used(dfbeta[j]), c.dfbeta[j], spread(c.dfbeta[j]));
      expect(each(schoenfeld.schoenfeld[j], 11).length).toBe(c.schoenfeld[j].length);
      if (untied) {
        expectNear(each(schoenfeld.schoenfeld[j], 11), c.schoenfeld[j], spread(c.schoenfeld[j]));
        if (c.scaled) expectNear(each(schoenfeld.scaled[j], 11), c.scaled[j], spread(c.scaled[j]));
      }
      if (c.weight) return; // weighted, they do not add up to 0
      // Tied events come in another order in R; their sum does not depend on it.
      const total = schoenfeld.schoenfeld[j].reduce((a, b) => a + b, 0);
      expect(Math.abs(total)).toBeLessThan(1e-6 * spread(c.schoenfeld[j]) * c.events);
    });
  });

  if (c.zph)
    it("has R's tests of proportional hazards", () => {
      for (const truth of c.zph!) {
        const zph = coxZph(fit, {transform: truth.transform});
        expectClose(
          [...zph.terms, zph.global].map((t) => t.statistic),
          truth.chiSquare,
          1e-6
        );
        expect([...zph.terms, zph.global].map((t) => t.df)).toEqual(truth.df);
        expectClose(
          [...zph.terms, zph.global].map((t) => t.p),
          truth.p,
          1e-5
        );
      }
    });

  if (c.predicted)
    it("predicts as survfit does", () => {
      const predicted = predictSurvival(fit, c.newdata!, c.times!);
      for (const name of ["survival", "standardError", "lower", "upper"] as const)
        predicted[name].forEach((column, i) =>
          expectClose(
            column,
            c.predicted![name].map((row) => row[i]),
            1e-7
          )
        );
      const {time, hazard} = baselineHazard(fit);
      const lp = linearPredictor(fit, c.newdata!);
      const at = time.findLastIndex((t) => t <= c.times![1]);
      expect(predicted.survival[0][1]).toBeCloseTo(Math.exp(-hazard[at] * Math.exp(lp[0])), 10);
    });
});

describe("compareNested", () => {
  it("agrees with anova", () => {
    const lung = readDataset("lung");
    const ecog = {values: lung["ph.ecog"], levels: [0, 1, 2, 3]};
    const time = numbers(lung, "time").map((t, i) => (lung["ph.ecog"][i] === null ? NaN : t));
    const event = evaluate(lung, "status - 1");
    const age = numbers(lung, "age");
    const veteran = inputs(fixture.cases.find((c) => c.name === "interaction")!);
    const pairs = [
      [coxph({time, event, terms: {age}}), coxph({time, event, terms: {age, ecog}})],
      [
        coxph({...veteran, terms: {karno: veteran.terms.karno}}),
        coxph(veteran, {interactions: [["karno", "celltype"]]})
      ]
    ] as const;
    pairs.forEach(([smaller, larger], q) => {
      const test = compareNested(smaller, larger);
      expectClose([test.statistic], fixture.nested[q].statistic, 1e-7);
      expectClose([test.p], fixture.nested[q].p, 1e-6);
      expect(test.df).toBe(fixture.nested[q].df);
    });
    expect(() => compareNested(coxph({time: [1, 2, 3], event: [1, 1, 1], terms: {x: [1, 3, 2]}}), pairs[0][1])).toThrow(
      "not the same"
    );
  });
});

describe("forest", () => {
  it("has each level's own fit and anova's interaction", () => {
    const gbsg = readDataset("gbsg");
    const input = {
      time: numbers(gbsg, "rfstime"),
      event: numbers(gbsg, "status"),
      group: gbsg.hormon,
      subgroup: gbsg.grade
    };
    const {rows, interaction, missing} = forest({...input, event: Array.from(input.event), group: gbsg.hormon});
    expect(rows.map(({level}) => level)).toEqual([1, 2, 3]);
    expect(missing).toBe(0);
    expect(rows.flatMap(({n}) => n).reduce((a, b) => a + b)).toBe(input.time.length);
    rows.forEach((row, l) => {
      const own = coxph({
        time: input.time.map((t, i) => (gbsg.grade[i] === l + 1 ? t : NaN)),
        event: Array.from(input.event),
        terms: {hormon: numbers(gbsg, "hormon")}
      });
      expect(row.hazardRatio).toBeCloseTo(own.hazardRatio[0], 12);
      expect(row.n[0] + row.n[1]).toBe(own.n);
    });
    expect(interaction!.df).toBe(2);
    expect(interaction!.p).toBeGreaterThan(0);
  });

  it("says why a level has no estimate", () => {
    const {rows, interaction} = forest({
      time: [1, 2, 3, 4, 5, 6],
      event: [1, 1, 1, 0, 0, 0],
      group: ["a", "b", "a", "b", "b", "b"],
      subgroup: ["x", "x", "x", "x", "y", "y"]
    });
    expect(rows[1].reason).toBe("All patients are in one group.");
    expect(rows[1].hazardRatio).toBeNaN();
    expect(interaction).toBeNull();
  });
});

describe("coxph: edges", () => {
  it("says of separation what it is, and keeps the likelihood-ratio test", () => {
    const {data, likelihoodRatio} = fixture.separated;
    const fit = coxph({
      time: data.map((d) => d.time),
      event: data.map((d) => d.event),
      terms: {x: data.map((d) => d.x)}
    });
    expect(fit.converged).toBe(false);
    expect(fit.warnings[0]).toContain('The coefficient of "x" is infinite');
    expectClose([fit.likelihoodRatio.statistic], likelihoodRatio, 1e-6);
  });

  it("names constant and collinear terms and counts estimable ones only", () => {
    const fit = coxph(inputs(fixture.cases.find((c) => c.name === "constant and collinear")!));
    expect(fit.warnings).toEqual([
      '"flat" does not vary among the patients used, so it has no coefficient.',
      '"double" depends linearly on the terms before it, so it has no coefficient.'
    ]);
  });

  it("drops and counts rows with a missing value", () => {
    const fit = coxph({time: [1, 2, 3, 4, NaN], event: [1, 1, 1, 0, 1], terms: {x: [1, NaN, 0, 2, 1]}});
    expect([fit.n, fit.missing]).toEqual([3, 2]);
  });

  it("leaves a stratum without events without say", () => {
    const cohort = {time: [1, 2, 3, 4, 5, 6, 7], event: [1, 0, 1, 1, 0, 1, 0], x: [3, 1, 4, 1, 5, 2, 6]};
    const alone = coxph({...cohort, terms: {x: cohort.x}});
    const both = coxph({
      time: [...cohort.time, 8, 9],
      event: [...cohort.event, 0, 0],
      strata: [...cohort.time.map(() => "a"), "b", "b"],
      terms: {x: [...cohort.x, 1, 2]}
    });
    expect(both.coef[0]).toBeCloseTo(alone.coef[0], 10);
  });

  it.each([
    [{time: [1, 2], event: [0, 0], terms: {x: [1, 2]}}, "none of 2 patients had an event"],
    [{time: [1], event: [1], terms: {x: [1]}}, "one patient is left"],
    [{time: [1, 2, 3], event: [1, 1, 0], weight: [1, 0, 1], terms: {x: [1, 2, 3]}}, "weight[1] is 0"],
    [{time: [1, 2], event: [1, 0], terms: {}}, "terms is empty"],
    [{time: [1, 2], event: [1, 0], terms: {x: [1]}}, "x has 1 values"],
    [
      {time: [1, 2], event: [1, 0], terms: {x: {values: ["a", "c"], levels: ["a", "b"]}}},
      'x[1] is "c", which is not among its levels'
    ]
  ])("says what is wrong: %j", (bad, sentence) => {
    expect(() => coxph(bad)).toThrow(sentence);
  });

  it("has events all at one time", () => {
    const fit = coxph({time: [5, 5, 5, 7], event: [1, 1, 1, 0], terms: {x: [1, 2, 4, 3]}});
    expect(fit.coef[0]).not.toBeNaN();
    expect(baselineHazard(fit).hazard.length).toBe(2);
  });
});
