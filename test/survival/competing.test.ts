import {describe, expect, it} from "vitest";
import {cumulativeIncidence} from "../../src/survival/cumulativeIncidence.js";
import {grayTest} from "../../src/survival/grayTest.js";
import {kaplanMeier} from "../../src/survival/kaplanMeier.js";
import {restrictedMean} from "../../src/survival/restrictedMean.js";
import {restrictedTimeLost} from "../../src/survival/restrictedTimeLost.js";
import {expectClose, numbers, readDataset, readFixture} from "./referenceData.js";

interface Case {
  data: "mgus" | "rotter" | "few";
  group: string;
  confidence: number;
  row: number[];
  at: number[];
  atRisk: number[];
  causes: Record<"incidence" | "standardError" | "lower" | "upper", (number | null)[]>[];
  gray: {chiSquare: number; df: number; p: number}[];
  /** By τ, a value a kind of event. */
  lost: {tau: number; timeLost: number[]; standardError: number[]}[];
}
interface Late extends Omit<Case, "data" | "group" | "row" | "gray"> {
  data: "mgus" | "made";
}
const {cases, few, late, made} = readFixture<{
  cases: Case[];
  few: Record<"t" | "s" | "g", number[]>;
  late: Late[];
  made: Record<"entry" | "time" | "status", number[]>;
}>("cumulativeIncidence");

/** Age as the time scale: under observation from the age at diagnosis. */
function lateMgus() {
  const columns = readDataset("mgus2");
  const {time, status} = inputs(cases[0]);
  const entry = Array.from(numbers(columns, "age"), (age) => age * 12);
  return {entry, time: Array.from(time, (t, i) => entry[i] + Math.max(t, 1)), status};
}

function inputs({data, group}: Case) {
  if (data === "few") return {time: few.t, status: few.s, group: few.g};
  const columns = readDataset(data === "mgus" ? "mgus2" : "rotterdam");
  const number = (name: string) => numbers(columns, name);
  if (data === "rotter")
    return {
      time: number("rtime").map((t, i) => Math.min(t, number("dtime")[i])),
      status: number("recur").map((r, i) => (r === 1 ? 1 : number("death")[i] === 1 ? 2 : 0)),
      group: columns.grade
    };
  const [pstat, death, age] = ["pstat", "death", "age"].map(number);
  return {
    time: number("ptime").map((t, i) => (pstat[i] === 0 ? number("futime")[i] : t)),
    status: pstat.map((p, i) => (p === 0 ? 2 * death[i] : 1)),
    group: group === "sex" ? columns.sex : Array.from(age, (a) => Number(a > 70) + Number(a > 80))
  };
}

describe("restrictedTimeLost(input, cause, tau)", () => {
  const sameAsR = (input: Parameters<typeof restrictedTimeLost>[0], lost: Case["lost"]) => {
    for (const {tau, timeLost, standardError} of lost)
      for (const cause of [1, 2]) {
        const found = restrictedTimeLost(input, cause, tau);
        expectClose([found.timeLost], [timeLost[cause - 1]], 1e-9);
        expectClose([found.standardError], [standardError[cause - 1]], 1e-9);
      }
  };
  it.each(cases)("agrees with survfit: $data", (c) => sameAsR(inputs(c), c.lost));
  it.each(late)("agrees with survfit under late entry: $data", (c) =>
    sameAsR(c.data === "made" ? made : lateMgus(), c.lost)
  );

  it("adds up to τ with the mean time free of events, and is what the restricted mean leaves with one kind", () => {
    const {time, status} = inputs(cases[0]);
    const tau = 100;
    const any = Array.from(status, (s) => Math.min(s, 1));
    const mean = restrictedMean(kaplanMeier({time, event: any}), tau);
    const [first, second] = [1, 2].map((cause) => restrictedTimeLost({time, status}, cause, tau).timeLost);
    expect(first + second + mean.restrictedMean).toBeCloseTo(tau, 10);
    const all = restrictedTimeLost({time, status: any}, 1, tau);
    expect(all.timeLost).toBeCloseTo(tau - mean.restrictedMean, 10);
    expectClose([all.standardError], [mean.standardError], 2e-3); // Greenwood's
  });

  it("is 0 of a kind that was never seen, and refuses a time beyond follow-up", () => {
    const input = {time: [1, 2, 3, 4], status: [1, 0, 1, 0]};
    expect(restrictedTimeLost(input, 2, 3)).toMatchObject({timeLost: 0, standardError: 0});
    expect(() => restrictedTimeLost(input, 1, 5)).toThrow("lies beyond the last follow-up, 4");
    expect(() => restrictedTimeLost(input, 1, 0)).toThrow("tau must be above 0");
    expect(restrictedTimeLost({time: [1, 2], status: [1, 1]}, 1, 5).timeLost).toBe(3.5);
  });
});

describe("cumulativeIncidence(input)", () => {
  it.each(cases)("agrees with survfit: $data", (c) => {
    const fit = cumulativeIncidence(inputs(c), {confidence: c.confidence});
    const read = (column: Float64Array) => c.row.map((j) => column[j]);
    expect(read(fit.time)).toEqual(c.at);
    expectClose(read(fit.atRisk), c.atRisk, 1e-12);
    fit.causes.forEach((cause, q) => {
      expectClose(read(cause.incidence), c.causes[q].incidence as number[], 1e-9);
      expectClose(read(cause.standardError), c.causes[q].standardError as number[], 1e-9);
      const known = c.row
        .map((_, r) => r)
        .filter((r) => c.causes[q].lower[r] !== null && cause.incidence[c.row[r]] > 0);
      for (const side of ["lower", "upper"] as const)
        expectClose(
          known.map((r) => read(cause[side])[r]),
          known.map((r) => c.causes[q][side][r] as number),
          1e-9
        );
    });
  });

  it.each(late)("agrees with survfit under late entry: $data", (c) => {
    const fit = cumulativeIncidence(c.data === "made" ? made : lateMgus(), {confidence: c.confidence});
    const rows = c.at.map((time) => fit.time.indexOf(time));
    expect(Math.min(...rows)).toBe(0);
    const read = (column: Float64Array) => rows.map((j) => column[j]);
    expectClose(read(fit.atRisk), c.atRisk, 1e-12);
    fit.causes.forEach((cause, q) => {
      expectClose(read(cause.incidence), c.causes[q].incidence as number[], 1e-9);
      expectClose(read(cause.standardError), c.causes[q].standardError as number[], 1e-7);
      const known = rows.flatMap((j, r) => (cause.incidence[j] > 0 ? [r] : []));
      for (const side of ["lower", "upper"] as const)
        expectClose(
          known.map((r) => read(cause[side])[r]),
          known.map((r) => c.causes[q][side][r] as number),
          1e-7
        );
    });
  });

  it("with an entry of 0 for all is the estimate without late entry, and Gray's test refuses late entry", () => {
    const input = {...inputs(cases[0]), group: undefined};
    const plain = cumulativeIncidence({time: input.time, status: input.status});
    const entered = cumulativeIncidence({...input, entry: new Float64Array(plain.n)});
    plain.causes.forEach(({incidence, standardError}, q) => {
      expectClose(entered.causes[q].incidence, [...incidence], 1e-12);
      expectClose(entered.causes[q].standardError, [...standardError], 1e-9);
    });
    expect(() => grayTest({...lateMgus(), group: lateMgus().status})).toThrow(/left truncation/);
  });

  it("adds up to 1 with the event-free, and is 1 − Kaplan–Meier with one kind of event", () => {
    const input = inputs(cases[0]);
    const fit = cumulativeIncidence(input);
    fit.time.forEach((_, j) =>
      expect(fit.causes.reduce((sum, {incidence}) => sum + incidence[j], fit.eventFree[j])).toBeCloseTo(1, 12)
    );
    const status = Array.from(input.status, (s) => Math.min(s, 1));
    const single = cumulativeIncidence({time: input.time, status});
    const km = kaplanMeier({time: input.time, event: status});
    expectClose(
      single.causes[0].incidence,
      Array.from(km.survival, (s) => 1 - s),
      1e-10
    );
    const alive = km.survival.filter((s) => s > 0).length; // Greenwood's has no value where nobody is left
    expectClose(single.causes[0].standardError.slice(0, alive), Array.from(km.standardError.slice(0, alive)), 1e-9);
  });

  it("names the row of a status that is no code", () => {
    expect(() => cumulativeIncidence({time: [1, 2], status: [0, -1]})).toThrow("status[1] is -1; use 0 for censored");
  });
});

describe("grayTest(input)", () => {
  it.each(cases)("agrees with cmprsk::cuminc: $data by $group", (c) => {
    const tests = grayTest(inputs(c));
    tests.forEach((test, q) => {
      expect(test.df).toBe(c.gray[q].df);
      expectClose([test.chiSquare], [c.gray[q].chiSquare], 1e-9);
      expectClose([test.p], [c.gray[q].p], 1e-6);
    });
  });

  it("does not depend on the order of patients or on the unit of time", () => {
    const {time, status, group} = inputs(cases[2]);
    const rows = Array.from(time.keys()).reverse();
    const turned = {
      time: rows.map((i) => time[i] * 7),
      status: rows.map((i) => status[i]),
      group: rows.map((i) => group[i])
    };
    const [a, b] = [grayTest({time, status, group}), grayTest(turned)];
    expectClose(
      b.map((t) => t.chiSquare),
      a.map((t) => t.chiSquare),
      1e-9
    );
  });
});
