import {csvParseRows} from "d3";
import {beforeAll, describe, expect, it} from "vitest";
import type {StudyDescription} from "../../src/cohort/description.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {causeOf, COMPETING, competingAnswer, EVENT} from "../../src/components/competingAnswer.js";
import {comparisonCsv} from "../../src/components/comparisonDownloads.js";
import {competingComparison} from "../../src/components/competingComparison.js";
import {groupComparison} from "../../src/components/groupComparison.js";
import type {Estimate} from "../../src/components/groupComparison.js";
import {incidenceCsv, incidenceFigure, incidenceSummary} from "../../src/components/incidenceChart.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import type {HazardRatio} from "../../src/components/survivalAnswer.js";
import {groupCounts} from "../../src/components/survivalChart.js";
import {survivalRemarks} from "../../src/components/survivalRemarks.js";
import {riskTable} from "../../src/survival/survivalAt.js";
import {survivalAt} from "../../src/survival/survivalAt.js";
import {expectClose, readFixture} from "../survival/referenceData.js";
import {mgusStudy} from "./mgusStudy.js";

type Columns = Record<"value" | "lower" | "upper", number[]>;
interface Ratio {
  hazardRatio: number;
  lower: number;
  upper: number;
  p: number;
}
interface Compared {
  tau: number;
  kinds: {
    timeLost: Columns;
    timeLostDifference: Columns & {p: number};
    incidence: Columns;
    incidenceDifference: Columns & {p: number};
  }[];
}
interface Case {
  name: string;
  compared: Compared;
  groups: {n: number; events: number; competing: number; event: Columns; other: Columns}[];
  difference: Columns & {p: number[]};
  gray: {chiSquare: number; p: number};
  competingGray: {chiSquare: number; p: number};
  cox: Ratio;
  competingCox: Ratio;
}
interface Fixture {
  cases: Case[];
  late: {
    at: number[];
    groups: {event: Columns; other: Columns; atRisk: number[]}[];
    compared: Compared;
    cox: Ratio;
    competingCox: Ratio;
  };
  truncated: {
    n: number[];
    under: number[];
    counted: number[];
    first: number;
    atRisk: number[];
    survival: number[];
    hazardRatio: number;
    lower: number;
    upper: number;
  };
}

const reference = readFixture<Fixture>("competingPage");
let cohort: Cohort;
let study: StudyDescription;
let usual: Selection;

beforeAll(async () => {
  ({cohort, study} = await mgusStudy());
  usual = {...defaultSelection(study), endpoint: "progression"};
});

const ask = (selection: Selection) => {
  const rows = rowMask(cohort, selection);
  const answer = survivalAnswer(cohort, selection, rows);
  return {answer, competing: competingAnswer(cohort, rows, answer)};
};
const columns = (estimates: readonly (Estimate | null)[]) => ({
  value: estimates.map((e) => e!.value),
  lower: estimates.map((e) => e!.lower),
  upper: estimates.map((e) => e!.upper)
});
const close = (found: Columns, wanted: Columns) => {
  for (const part of ["value", "lower", "upper"] as const) expectClose(found[part], wanted[part], 1e-9);
};
const sameRatio = ([found]: readonly HazardRatio[], wanted: Ratio) => {
  const of = (r: Ratio) => [r.hazardRatio, r.lower, r.upper];
  expectClose(of(found), of(wanted), 1e-6);
  expectClose([found.p], [wanted.p], 1e-5);
};

describe("competingAnswer(cohort, rows, answer)", () => {
  it.each(reference.cases)("agrees with R, from the study folder to the page: $name", (r) => {
    const {answer, competing} = ask({...usual, stratifyBy: r.name === "sex" ? "sex" : "age"});
    const {groups, gray, competingGray, competingHazardRatios, refusals} = competing!;
    expect(groups.map(({n, events, competingEvents}) => [n, events, competingEvents])).toEqual(
      r.groups.map(({n, events, competing: others}) => [n, events, others])
    );
    groups.forEach(({at, competingAt}, g) => {
      close(columns(at), r.groups[g].event);
      close(columns(competingAt), r.groups[g].other);
    });
    close(columns(groups[1].difference), r.difference);
    expectClose(
      groups[1].difference.map((d) => d!.p!),
      r.difference.p,
      1e-8
    );
    expectClose([gray!.chiSquare, gray!.p], [r.gray.chiSquare, r.gray.p], 1e-8);
    expectClose([competingGray!.chiSquare, competingGray!.p], [r.competingGray.chiSquare, r.competingGray.p], 1e-8);
    sameRatio(answer.hazardRatios, r.cox);
    sameRatio(competingHazardRatios, r.competingCox);
    expect(refusals).toEqual([]);
  });

  it("tells the figure in words and holds every step of both kinds of event", () => {
    const {answer, competing} = ask(usual);
    expect(incidenceSummary(answer, competing!)).toMatch(
      /^Cumulative incidence of Progression\. female: 631 patients, 59 events, 370 competing events, 1% by 1 year, 3% by 3 years/
    );
    expect(incidenceFigure(cohort, answer, competing!).note).toMatch(/Kaplan–Meier would treat the competing event as/);
    const steps = competing!.groups.reduce((sum, {curve}) => sum + curve.time.length, 0);
    expect(incidenceCsv(competing!, answer).trim().split("\r\n")).toHaveLength(2 * steps + 1);
    expect(survivalRemarks(study, answer).join(" ")).toMatch(/ended in a competing event/);
  });

  it("tests the groups that are left where a filter takes one out of their middle", () => {
    const ages: Selection = {...usual, stratifyBy: "age", cut: {rule: "at", values: [60, 75]}};
    const {competing} = ask({...ages, filters: [{variable: "age", from: 60.5, to: 75, not: true}]});
    expect(competing!.groups.map(({label}) => label)).toEqual(["Age ≤ 60 years", "Age > 75 years"]);
    expect(competing!.refusals).toEqual([]);
    expect(competing!.gray!.df).toBe(1);
  });

  it("says of which event groups cannot be compared, and that no best cut is sought with late entry", () => {
    const few = ask({...usual, stratifyBy: "sex", filters: [{variable: "age", from: null, to: 34}]});
    expect(few.competing!.refusals).toContain("The groups cannot be compared on the event: too few events of it.");
    const late: Selection = {...usual, endpoint: "late_progression", stratifyBy: "age"};
    const rows = rowMask(cohort, late);
    const {bestCut, refusals} = groupComparison(cohort, rows, survivalAnswer(cohort, late, rows))!;
    expect(bestCut).toBeNull();
    expect(refusals).toContain(
      "With late entry the best cut is not sought: the search is defined for patients followed from time zero."
    );
  });

  it("copes with a group that had no event of one kind, and says what it could not test", () => {
    const {answer, competing} = ask({...usual, filters: [{variable: "age", from: null, to: 40}]});
    const [female, male] = competing!.groups;
    expect([female.n + male.n, female.events + male.events]).toEqual([answer.n, answer.events]);
    expect(competing!.groups.flatMap(({at}) => at).every((e) => e === null || e.value >= 0)).toBe(true);
  });

  it("agrees with R under late entry, and says why there is no Gray's test", () => {
    const {at, groups, cox, competingCox} = reference.late;
    const {answer, competing} = ask({...usual, endpoint: "late_progression", stratifyBy: "sex"});
    const found = competing!;
    expect([found.gray, found.competingGray]).toEqual([null, null]);
    found.groups.forEach(({curve, entries}, g) => {
      const rows = at.map((time) => curve.time.findLastIndex((t) => t <= time));
      for (const [code, wanted] of [
        [EVENT, groups[g].event],
        [COMPETING, groups[g].other]
      ] as const) {
        const cause = causeOf(curve, code);
        expectClose(
          rows.map((j) => cause.incidence[j]),
          wanted.value,
          1e-9
        );
        for (const side of ["lower", "upper"] as const)
          expectClose(
            rows.map((j) => cause[side][j]),
            wanted[side],
            1e-7
          );
      }
      const [event, other] = [EVENT, COMPETING].map((code) => causeOf(curve, code).events);
      const counts = groupCounts({curve: {...curve, events: event.map((e, j) => e + other[j])}, entries}, at);
      expect([...counts.atRisk]).toEqual(groups[g].atRisk);
    });
    sameRatio(answer.hazardRatios, cox);
    sameRatio(found.competingHazardRatios, competingCox);
    expect(survivalRemarks(study, answer).join(" ")).toMatch(/Gray's test is not defined with late entry/);
    expect(incidenceFigure(cohort, answer, found).note).toMatch(/on the log scale.*; hazards by cause-specific Cox/);
  });

  it("says nothing of times before the first entry, whatever the landmark, and of nobody", () => {
    const late = {...usual, endpoint: "late_progression", stratifyBy: "sex"};
    const first = ask(late).answer.start;
    expect(first).toBeGreaterThan(200);
    const {answer, competing} = ask({...late, landmark: 24});
    expect([answer.start, answer.years]).toEqual([first, []]);
    expect(competing!.groups.flatMap(({at}) => at)).toEqual([]);
    const at = ask({...late, landmark: 800}).answer;
    expect(at.start).toBe(800);
    expect(survivalRemarks(study, at).join(" ")).toMatch(
      /those who come under observation after it count from then on/
    );
    const nobody = ask({...late, filters: [{variable: "age", from: 200, to: null}]});
    expect([nobody.answer.start, nobody.answer.n, nobody.competing]).toEqual([0, 0, null]);
  });

  it("is left out where there is no competing event", () => {
    expect(ask({...usual, endpoint: "death"}).competing).toBeNull();
  });
});

describe("competingComparison(cohort, rows, answer, competing, comparison)", () => {
  const compare = (selection: Selection) => {
    const rows = rowMask(cohort, selection);
    const {answer, competing} = ask(selection);
    const comparison = groupComparison(cohort, rows, answer)!;
    const refusals: string[] = [];
    const kinds = competingComparison(cohort, rows, answer, competing!, comparison, refusals);
    return {cohort, rows, answer, comparison, kinds, refusals};
  };
  const agree = ({tau, kinds: truth}: Compared, {kinds, refusals}: ReturnType<typeof compare>) => {
    expect(refusals).toEqual([]);
    expect(kinds.map(({kind}) => kind)).toEqual(["event", "competing event"]);
    kinds.forEach(({lines}, k) => {
      const single = ({value, lower, upper, p}: Estimate) => [value, lower, upper, p!];
      const apart = (d: {value: unknown; lower: unknown; upper: unknown; p: unknown}) =>
        [d.value, d.lower, d.upper, d.p].flat() as number[];
      close(columns(lines.map(({timeLost}) => timeLost)), truth[k].timeLost);
      close(columns(lines.map(({at}) => at[0].incidence)), truth[k].incidence);
      expectClose(single(lines[1].timeLostDifference!), apart(truth[k].timeLostDifference), 1e-8);
      expectClose(single(lines[1].at[0].difference!), apart(truth[k].incidenceDifference), 1e-8);
      expect([lines[0].timeLostDifference, lines[0].at[0].difference]).toEqual([null, null]);
      expect(lines[0].at[0].time).toBe(tau);
    });
  };

  it.each(reference.cases)("agrees with R at the reader's own time: $name", ({name, compared}) =>
    agree(compared, compare({...usual, stratifyBy: name === "sex" ? "sex" : "age", horizon: compared.tau}))
  );

  it("agrees with R under late entry", () => {
    const {compared} = reference.late;
    agree(compared, compare({...usual, endpoint: "late_progression", stratifyBy: "sex", horizon: compared.tau}));
  });

  it("hands out every estimate shown, and no restricted mean, which takes the competing event for censoring", () => {
    const shown = compare({...usual, stratifyBy: "sex", horizon: 100});
    expect(shown.comparison.lines).toEqual([]);
    const [, ...rows] = csvParseRows(comparisonCsv(shown).trim());
    const of = (quantity: string, group: string, time: number) =>
      rows
        .find((row) => row[0] === quantity && row[1] === group && Number(row[3]) === time)!
        .slice(4, 7)
        .map(Number);
    const [{lines}, {lines: others}] = shown.kinds;
    const numbers = ({value, lower, upper}: Estimate) => [value, lower, upper];
    expect(of("time lost to the event", "male", 100)).toEqual(numbers(lines[1].timeLost!));
    expect(of("difference of incidence of the competing event", "male", 100)).toEqual(
      numbers(others[1].at[0].difference!)
    );
    expect(of("difference of incidence of the event", "male", 60)).toEqual(
      numbers(shown.kinds[0].lines[1].at[3].difference!)
    );
    expect(rows.some(([quantity]) => quantity.includes("restricted mean") || quantity === "survival")).toBe(false);
  });

  it("says nothing of a time that the follow-up of a group does not reach, but compares up to there", () => {
    const {comparison, kinds} = compare({...usual, stratifyBy: "sex", horizon: 5000});
    expect(comparison.refusals[0]).toMatch(/cannot be compared at 5000 months/);
    expect(kinds[0].lines[0].at.map(({time}) => time)).toEqual([12, 36, 60]);
    expect(kinds[0].lines[0].timeLost!.value).toBeGreaterThan(0);
  });
});

describe("survivalRemarks of crossed groups", () => {
  it("say in one sentence that a factor adds nothing, instead of naming empty groups", () => {
    // Among those of 65 and over the cut at 60 and the other groups coincide: all are above it.
    const selection: Selection = {
      ...usual,
      stratifyBy: "age",
      cut: {rule: "at", values: [60]},
      crossBy: "sex",
      filters: [{variable: "age", from: 65, to: null}]
    };
    const remarks = survivalRemarks(study, ask(selection).answer).join(" ");
    expect(remarks).toMatch(/^Age adds nothing to Sex here: .* so there are 2 groups, not 4\./);
    expect(remarks).not.toMatch(/No selected patient is in/);
  });
  it("name the groups that are empty where both factors part", () => {
    const selection: Selection = {
      ...usual,
      stratifyBy: "age",
      cut: {rule: "at", values: [24, 60]},
      crossBy: "sex"
    };
    const {answer} = ask(selection);
    expect(answer.empty).toHaveLength(1);
    expect(survivalRemarks(study, answer).join(" ")).toMatch(/No selected patient is in: Age ≤ 24 years, /);
  });
});

describe("survivalAnswer of an endpoint with late entry", () => {
  it("agrees with R, at risk starting below n", () => {
    const r = reference.truncated;
    const {answer} = ask({...usual, endpoint: "death"});
    const times = [720, 840, 960];
    expect(answer.groups.map(({n}) => n)).toEqual(r.n);
    expect(answer.groups.flatMap(({curve}) => Array.from(riskTable(curve, times).atRisk))).toEqual(r.atRisk);
    expect(answer.groups.flatMap((group) => Array.from(groupCounts(group, r.under).atRisk))).toEqual(r.counted);
    expect(answer.start).toBe(r.first);
    expect(answer.years).toEqual([]);
    expectClose(
      answer.groups.flatMap(({curve}) => Array.from(survivalAt(curve, times).survival)),
      r.survival,
      1e-9
    );
    const [{hazardRatio, lower, upper}] = answer.hazardRatios;
    expectClose([hazardRatio, lower, upper], [r.hazardRatio, r.lower, r.upper], 1e-6);
    expect(survivalRemarks(study, answer).join(" ")).toMatch(/Patients come under observation late/);
  });
});
