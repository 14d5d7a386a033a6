import {csvParseRows} from "d3";
import {describe, expect, it} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {comparisonCsv} from "../../src/components/comparisonDownloads.js";
import {groupComparison} from "../../src/components/groupComparison.js";
import type {Estimate} from "../../src/components/groupComparison.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {lungCohort} from "../cohort/lungCohort.js";
import {pbcCohort} from "./pbcCohort.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

type Difference = Record<"value" | "lower" | "upper" | "p", number>;

interface Case {
  name: string;
  tau: number;
  mean: number[];
  meanError: number[];
  meanDifference: Difference[];
  yearDifference: Difference[];
  /** Empty where the reader chose no horizon. */
  atTau: number[];
  atTauDifference: Difference[];
  pairP: number | number[];
  pairAdjusted: number | number[];
  zph: number | number[];
}

const {cohort, study} = lungCohort();
const usual: Selection = {...defaultSelection(study), stratifyBy: "sex"};
const selections: Record<string, Selection> = {
  sex: usual,
  "age in tertiles": {...usual, stratifyBy: "age", cut: {rule: "tertiles"}},
  "sex at 400 days": {...usual, horizon: 400}
};
const reference = readFixture<{cases: Case[]; bestCut: {cut: number; p: number}}>("groupComparison");

const compare = (selection: Selection) => {
  const rows = rowMask(cohort, selection);
  return groupComparison(cohort, rows, survivalAnswer(cohort, selection, rows));
};
const columns = (estimates: readonly (Estimate | Difference | null)[]) =>
  estimates.flatMap((e) => [e!.value, e!.lower, e!.upper, e!.p!]);

describe("groupComparison(cohort, rows, answer)", () => {
  it("compares the groups that are left where a filter takes one out of their middle", () => {
    const {cohort, study} = pbcCohort();
    const stages: Selection = {...defaultSelection(study), stratifyBy: "stage"};
    const without: Selection = {...stages, filters: [{variable: "stage", levels: ["1", "3", "4"]}]};
    const [all, some] = [stages, without].map((selection) => {
      const rows = rowMask(cohort, selection);
      return groupComparison(cohort, rows, survivalAnswer(cohort, selection, rows))!;
    });
    expect(some.refusals).toEqual([]);
    expect(some.pairs.map(({first, second}) => [first, second])).toEqual([
      ["Stage: 1", "Stage: 3"],
      ["Stage: 1", "Stage: 4"],
      ["Stage: 3", "Stage: 4"]
    ]);
    // A pair's test looks at nobody else.
    for (const {first, second, p} of some.pairs)
      expect(p).toBe(all.pairs.find((pair) => pair.first === first && pair.second === second)!.p);
  });

  it.each(reference.cases)("agrees with R: $name", (r) => {
    const found = compare(selections[r.name])!;
    expect(found.tau).toBe(r.tau);
    expectClose(
      found.lines.map(({mean}) => mean!.value),
      r.mean,
      1e-9
    );
    expectClose(
      found.lines.map(({mean}) => (mean!.upper - mean!.lower) / (2 * 1.959963984540054)),
      r.meanError,
      1e-9
    );
    const others = found.lines.slice(1);
    expectClose(columns(others.map(({meanDifference}) => meanDifference)), columns(r.meanDifference), 1e-7);
    expectClose(columns(others.map((line) => line.survivalDifference[0])), columns(r.yearDifference), 1e-7);
    const at = found.lines.flatMap(({survivalAtTau}) => (survivalAtTau ? [survivalAtTau.value] : []));
    expectClose(at, r.atTau, 1e-9);
    const apart = others.filter((line) => line.survivalAtTauDifference).map((line) => line.survivalAtTauDifference);
    expectClose(columns(apart), columns(r.atTauDifference), 1e-7);
    const several = found.lines.length > 2;
    expectClose(
      found.pairs.map(({p}) => p),
      several ? [r.pairP].flat() : [],
      1e-8
    );
    expectClose(
      found.pairs.map(({adjusted}) => adjusted),
      several ? [r.pairAdjusted].flat() : [],
      1e-8
    );
    // R lists the terms, then GLOBAL; with one term alone they are the same.
    const {terms, p} = found.proportional!;
    expectClose([...terms.map((term) => term.p), p], [r.zph].flat(), 1e-6);
    expect(found.smooth === null).toBe(several);
    expect(found.refusals).toEqual([]);
  });
  it("finds the cut that R's maxstat finds, with its p", () => {
    const {bestCut} = compare(selections["age in tertiles"])!;
    expect(bestCut!.cut).toBe(reference.bestCut.cut);
    expectClose([bestCut!.p], [reference.bestCut.p], 1e-6);
    expect(compare(usual)!.bestCut).toBeNull();
  });
  it("writes every estimate, pair and test into its CSV", () => {
    const selection = {...selections["age in tertiles"], horizon: 400};
    const rows = rowMask(cohort, selection);
    const answer = survivalAnswer(cohort, selection, rows);
    const comparison = groupComparison(cohort, rows, answer)!;
    const [header, ...written] = csvParseRows(comparisonCsv({answer, comparison, kinds: []}).trim());
    expect(header).toEqual("quantity,group,versus,time,estimate,lower,upper,p,p_adjusted".split(","));
    const of = (quantity: string) => written.filter(([name]) => name === quantity);
    const [means, survival, tests] = ["restricted mean", "survival", "log-rank test"].map(of);
    expect(means.map((row) => Number(row[4]))).toEqual(comparison.lines.map(({mean}) => mean!.value));
    expect(survival.map((row) => [row[3], row[4]])).toEqual(
      comparison.lines.map(({survivalAtTau}) => ["400", String(survivalAtTau!.value)])
    );
    expect(tests.map((row) => row.slice(7).map(Number))).toEqual(
      comparison.pairs.map(({p, adjusted}) => [p, adjusted])
    );
    // Two groups besides the reference: at the horizon and at each year of the answer.
    expect(of("difference of survival").length).toBe(2 * (1 + answer.years.length));
    expect(of("proportional hazards").length).toBe(2);
  });
  it("says so where not all groups are followed to the horizon, and goes as far as they are", () => {
    const {tau, tauChosen, refusals, lines} = compare({...usual, horizon: 5000})!;
    expect([tau, tauChosen]).toEqual([compare(usual)!.tau, false]);
    expect(refusals).toEqual([expect.stringMatching(/^The groups cannot be compared at 5000 days: .* up to then\.$/)]);
    expect(lines.every(({survivalAtTau}) => survivalAtTau === null)).toBe(true);
  });
  it("compares nothing where there is one group, and says what it cannot compute where one has no events", () => {
    expect(compare({...usual, stratifyBy: null})).toBeNull();
    const selection: Selection = {
      ...usual,
      stratifyBy: "age",
      cut: {rule: "at", values: [39]},
      filters: [{variable: "age", from: null, to: 41}]
    };
    const {proportional, smooth, lines} = compare(selection)!;
    expect([proportional, smooth]).toEqual([null, null]);
    expect(lines.map(({group}) => group.n)).toEqual([2, 2]);
  });
});
