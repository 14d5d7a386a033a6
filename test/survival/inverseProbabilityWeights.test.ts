import fc from "fast-check";
import {describe, expect, it} from "vitest";
import type {Terms} from "../../src/survival/designColumns.js";
import {inverseProbabilityWeights} from "../../src/survival/inverseProbabilityWeights.js";
import {logisticRegression} from "../../src/survival/logisticRegression.js";
import {expectClose, numbers, readDataset, readFixture} from "./referenceData.js";

interface Balance {
  term: string;
  level: string | null;
  before: number[];
  after: number[];
  differenceBefore: number;
  differenceAfter: number;
}
interface Case {
  data: string;
  treatment: string;
  value: string;
  terms: string[];
  factors: Record<string, string[]>;
  n: number;
  names: string[];
  coef: number[];
  standardError: number[];
  p: number[];
  deviance: number;
  nullDeviance: number;
  propensity: number[];
  plain: number[];
  stable: number[];
  att: number[];
  truncated: number[];
  sums: number[];
  ess: number[];
  balance: Balance[];
}
interface Fixture {
  cases: Case[];
  collinear: {coef: (number | null)[]; deviance: number};
}
const {cases, collinear} = readFixture<Fixture>("inverseProbabilityWeights");

function inputs({data, treatment, value, terms, factors}: Case) {
  const columns = readDataset(data);
  const treated = columns[treatment].map((v) => (v === null ? NaN : Number(String(v) === value)));
  const model: Terms = Object.fromEntries(
    terms.map((t) => [t, t in factors ? {values: columns[t], levels: factors[t]} : numbers(columns, t)])
  );
  return {treated, model};
}

const present = (column: Float64Array) => column.filter((v) => !Number.isNaN(v));
const total = (column: Float64Array) => present(column).reduce((a, b) => a + b, 0);

describe("logisticRegression(outcome, terms)", () => {
  it.each(cases)("agrees with R glm: $data $treatment ~ $terms", (c) => {
    const {treated, model} = inputs(c);
    const actual = logisticRegression(treated, model);
    expect(actual.converged).toBe(true);
    expect(actual.warnings).toEqual([]);
    expect(actual.names).toEqual(c.names);
    expect(actual.n).toBe(c.n);
    expect(actual.missing).toBe(treated.length - c.n);
    expectClose(actual.coef, c.coef, 1e-8);
    expectClose(actual.standardError, c.standardError, 1e-8);
    expectClose(actual.p, c.p, 1e-7);
    expectClose([actual.deviance, actual.nullDeviance], [c.deviance, c.nullDeviance], 1e-11);
    expectClose(present(actual.fitted).slice(0, 12), c.propensity, 1e-8);
  });

  it.each(cases)("agrees with it of every patient many times over: $data $treatment ~ $terms", (c) => {
    const {treated, model} = inputs(c);
    const times = Math.ceil(60_000 / treated.length);
    const over = <T>(column: ArrayLike<T>) =>
      Array.from({length: times * column.length}, (_, i) => column[i % column.length]);
    const terms = Object.fromEntries(
      Object.entries(model).map(([name, term]) => [
        name,
        "levels" in term ? {...term, values: over(term.values as ArrayLike<string>)} : over(term as ArrayLike<number>)
      ])
    );
    const actual = logisticRegression(over(treated), terms);
    expectClose(actual.coef, c.coef, 1e-8);
    expectClose(
      actual.standardError.map((error) => error * Math.sqrt(times)),
      c.standardError,
      1e-7
    );
    expectClose([actual.deviance / times], c.deviance, 1e-11);
  });

  it("leaves out a collinear term, as R does, and says so", () => {
    const columns = readDataset("lung");
    const age = numbers(columns, "age");
    const female = numbers(columns, "sex").map((s) => s - 1);
    const terms = {age, double: age.map((a) => 2 * a + 1), "ph.karno": numbers(columns, "ph.karno")};
    const actual = logisticRegression(female, terms);
    expect(actual.coef[2]).toBeNaN();
    expect(actual.warnings).toEqual([expect.stringContaining("double is constant or a combination")]);
    expectClose(
      [actual.coef[0], actual.coef[1], actual.coef[3]],
      [0, 1, 3].map((j) => collinear.coef[j]!),
      1e-8
    );
    expectClose([actual.deviance], collinear.deviance, 1e-11);
  });

  it("says in words that a term separates the outcome, and ends", () => {
    const y = [0, 0, 0, 0, 1, 1, 1, 1];
    const complete = logisticRegression(y, {x: [1, 2, 3, 4, 5, 6, 7, 8]});
    expect(complete.converged).toBe(false);
    expect(complete.warnings[0]).toMatch(/x does not converge/);
    const quasi = logisticRegression(y, {g: [0, 0, 0, 0, 1, 1, 0, 0], z: [1, 3, 2, 5, 4, 2, 3, 1]});
    expect(quasi.warnings).toEqual([expect.stringContaining("g does not converge")]);
  });

  it("follows a shift and rescaling of a covariate", () => {
    const {treated, model} = inputs(cases[0]);
    const base = logisticRegression(treated, model);
    fc.assert(
      fc.property(
        fc.double({min: -500, max: 500, noNaN: true}),
        fc.double({min: 0.01, max: 100, noNaN: true}),
        (a, b) => {
          const age = (model.age as Float64Array).map((x) => a + b * x);
          const moved = logisticRegression(treated, {...model, age});
          expectClose([moved.coef[1] * b, moved.deviance], [base.coef[1], base.deviance], 1e-7);
        }
      ),
      {numRuns: 30}
    );
  });

  it("names what is wrong", () => {
    expect(() => logisticRegression([0, 2], {x: [1, 2]})).toThrow("outcome[1] must be 0 or 1");
    expect(() => logisticRegression([1, 1], {x: [1, 2]})).toThrow(
      "all 2 patients with all covariates known have the same outcome."
    );
    expect(() => logisticRegression([0, 1], {x: [1]})).toThrow("x has 1 values for 2 rows");
    expect(() => logisticRegression([0, 1], {})).toThrow("terms is empty");
    expect(() => logisticRegression([0, 1], {g: {values: ["a", "c"], levels: ["a", "b"]}})).toThrow('g[1] is "c"');
    expect(() => logisticRegression([0, 1], {x: [1, Infinity]})).toThrow("x[1] is Infinity");
  });
});

describe("inverseProbabilityWeights(treatment, terms)", () => {
  it.each(cases)("agrees with weights and balance by hand in R: $data $treatment", (c) => {
    const {treated, model} = inputs(c);
    const stable = inverseProbabilityWeights(treated, model);
    const plain = inverseProbabilityWeights(treated, model, {stabilised: false});
    const att = inverseProbabilityWeights(treated, model, {estimand: "ATT"});
    const cut = inverseProbabilityWeights(treated, model, {truncate: [0.05, 0.95]});
    expectClose(present(stable.weight).slice(0, 12), c.stable, 1e-8);
    expectClose(present(plain.weight).slice(0, 12), c.plain, 1e-8);
    expectClose(present(att.weight).slice(0, 12), c.att, 1e-8);
    expectClose(present(cut.weight).slice(0, 12), c.truncated, 1e-8);
    expectClose(
      [plain, stable, att, cut].map((w) => total(w.weight)),
      c.sums,
      1e-8
    );
    expectClose(stable.effectiveSampleSize, c.ess, 1e-8);
    expect(cut.truncated).toBeGreaterThan(0);
    expect(stable.balance).toHaveLength(c.balance.length);
    stable.balance.forEach((row, j) => {
      const truth = c.balance[j];
      expect([row.term, row.level]).toEqual([truth.term, truth.level]);
      expectClose(row.before, truth.before, 1e-12);
      expectClose(row.after, truth.after, 1e-8);
      expect(row.differenceBefore).toBeCloseTo(truth.differenceBefore, 11);
      expect(row.differenceAfter).toBeCloseTo(truth.differenceAfter, 8);
    });
  });

  it("leaves everyone's weight at 1 where treatment hangs on nothing", () => {
    const treated = Array.from({length: 40}, (_, i) => i % 2);
    const x = Array.from({length: 40}, (_, i) => Math.floor(i / 2));
    const {weight, balance, effectiveSampleSize} = inverseProbabilityWeights(treated, {x});
    weight.forEach((w) => expect(w).toBeCloseTo(1, 10));
    expect(balance[0].differenceBefore).toBe(0);
    expect(effectiveSampleSize[1]).toBeCloseTo(20, 10);
  });

  it("weights each arm up to the whole cohort when the model is saturated", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.boolean(), fc.boolean()), {minLength: 12, maxLength: 60}), (draws) => {
        // every combination occurs, so nothing separates
        const rows = [...draws, [true, true], [true, false], [false, true], [false, false]];
        const treated = rows.map(([t]) => Number(t));
        const x = rows.map(([, g]) => Number(g));
        const {weight} = inverseProbabilityWeights(treated, {x}, {stabilised: false});
        const arm = (a: number) => weight.reduce((sum, w, i) => sum + (treated[i] === a ? w : 0), 0);
        expect(arm(0)).toBeCloseTo(rows.length, 6);
        expect(arm(1)).toBeCloseTo(rows.length, 6);
      })
    );
  });

  it("warns where treatment is all but certain, and refuses impossible options", () => {
    const x = Array.from({length: 60}, (_, i) => i);
    const treated = x.map((i) => Number(i === 29 || i > 30)); // 29 and 30 overlap
    expect(inverseProbabilityWeights(treated, {x}).warnings.join()).toMatch(/treatment probability/);
    expect(() => inverseProbabilityWeights(treated, {x}, {estimand: "ATT", stabilised: true})).toThrow("ATE");
    expect(() => inverseProbabilityWeights(treated, {x}, {truncate: [0.9, 0.1]})).toThrow("two quantiles");
  });
});

describe("factors taken together in cells", () => {
  const value = fc.constantFrom(-1.5, 2, 2.5, 4, NaN);
  const row = fc.record({
    x: value,
    z: value,
    g: fc.constantFrom(-1, 0, 1, 2, 2),
    h: fc.constantFrom(0, 1),
    treated: fc.constantFrom(0, 1, 1, NaN),
    keep: fc.boolean()
  });

  it("give the weights and the balance that a column of 0 and 1 for each level gives", () => {
    let compared = 0;
    fc.assert(
      fc.property(fc.array(row, {minLength: 150, maxLength: 250}), (cohort) => {
        const column = (of: (one: (typeof cohort)[number]) => number) => Float64Array.from(cohort, of);
        const [x, z, h] = [column((c) => c.x), column((c) => c.z), column((c) => c.h)];
        const level = (l: number) => column(({g}) => (g < 0 ? NaN : Number(g === l)));
        const labels = cohort.map(({g}) => (g < 0 ? null : "abc"[g]));
        const rows = Uint8Array.from(cohort, ({keep}) => Number(keep));
        const treatment = cohort.map(({treated}) => treated);
        const known = (t: number) =>
          cohort.some((c) => c.keep && c.treated === t && !Number.isNaN(c.x + c.z) && c.g >= 0);
        fc.pre(known(0) && known(1));
        const truth = inverseProbabilityWeights(treatment, {x, b: level(1), c: level(2), z, h}, {rows});
        const found = inverseProbabilityWeights(
          treatment,
          {
            x,
            g: {values: labels, levels: ["a", "b", "c"]},
            z,
            h: {values: Int32Array.from(h), levels: ["no", "yes"], coded: true}
          },
          {rows}
        );
        expect([found.n, found.missing, found.count]).toEqual([truth.n, truth.missing, truth.count]);
        expect(found.model.converged).toBe(truth.model.converged);
        if (!truth.model.converged) return;
        compared++;
        expectClose([...found.model.coef], [...truth.model.coef], 1e-8);
        expectClose([...found.model.standardError], [...truth.model.standardError], 1e-8);
        expectClose([...found.propensity], [...truth.propensity], 1e-8);
        expectClose([...found.weight], [...truth.weight], 1e-8);
        expectClose([found.model.deviance], [truth.model.deviance], 1e-9);
        const [, , b, c, , , yes] = found.balance;
        expect([b, c, yes].map(({level}) => level)).toEqual(["b", "c", "yes"]);
        [b, c, yes].forEach((line, k) => {
          const same = truth.balance[[1, 2, 4][k]];
          expectClose([...line.before, ...line.after], [...same.before, ...same.after], 1e-8);
          expect(line.differenceAfter).toBeCloseTo(same.differenceAfter, 8);
        });
      })
    );
    expect(compared).toBeGreaterThan(20);
  });
});
