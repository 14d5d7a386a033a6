import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {lausen92, lausen94} from "../../src/survival/lausenP.js";
import {maximallySelectedLogRank} from "../../src/survival/maximallySelectedLogRank.js";
import {expectClose, numbers, readFixture, readFollowUp} from "./referenceData.js";

interface Case {
  data: string;
  time: string;
  score: string;
  minProportion: number;
  maxProportion: number;
  first: number | null;
  n: number;
  statistic: number;
  cut: number;
  cuts: number;
  index: number[];
  cutAt: number[];
  statisticAt: number[];
  chiSquareAt: number[];
  lau92: number;
  /** maxstat's own value, and the same formula with an upper tail that does not cancel. */
  lau94: number;
  lau94Stable: number;
  condMC: number;
  hl: number | null;
}
const {cases} = readFixture<{cases: Case[]}>("maximallySelectedLogRank");

function inputs({data, time, score, first}: Case) {
  const {columns, ...followUp} = readFollowUp(data, time, first);
  return {...followUp, score: numbers(columns, score, first)};
}

describe("maximallySelectedLogRank(input)", () => {
  it.each(cases)("agrees with maxstat.test: $data $score, $minProportion to $maxProportion", (c) => {
    const {minProportion, maxProportion} = c;
    const actual = maximallySelectedLogRank(inputs(c), {minProportion, maxProportion, pMethod: "Lau92"});
    expect(actual.n).toBe(c.n);
    expect(actual.cut).toBe(c.cut);
    expectClose([actual.statistic], c.statistic, 1e-12);
    expectClose([actual.p!], Math.min(1, c.lau92), 1e-10);
    expect(actual.scan.cut).toHaveLength(c.cuts);
    const at = (column: ArrayLike<number>) => c.index.map((i) => column[i]);
    expectClose(at(actual.scan.cut), c.cutAt, 0);
    expectClose(at(actual.scan.statistic), c.statisticAt, 1e-11);
    expectClose(at(actual.scan.chiSquare), c.chiSquareAt, 1e-10);
    expect(actual.nLow + actual.nHigh).toBe(c.n);
  });

  it.each(cases)("adjusts p by Lausen 1994 as maxstat does: $data $score", (c) => {
    const {minProportion, maxProportion} = c;
    const {p, statistic} = maximallySelectedLogRank(inputs(c), {minProportion, maxProportion, pMethod: "Lau94"});
    if (c.lau94Stable > 0) expectClose([p!], Math.min(1, c.lau94Stable), 1e-9);
    // maxstat gives a negative p here; one cut's own p is the least an adjusted p can be
    else expectClose([p!], lausen94(statistic, Uint32Array.of(1), 2), 1e-12);
    if (c.lau94 > 1e-8) expectClose([p!], Math.min(1, c.lau94), 1e-6);
  });

  it.each(cases.filter((c) => c.hl !== null))("counts exactly as Hothorn and Lausen: $data $score", (c) => {
    const {minProportion, maxProportion} = c;
    const {p} = maximallySelectedLogRank(inputs(c), {minProportion, maxProportion, pMethod: "HL"});
    expectClose([p!], c.hl!, 1e-9);
  });

  it.each(cases)("permutes to maxstat's p within Monte-Carlo error, the same for the same seed: $data $score", (c) => {
    const options = {...c, pMethod: "condMC", permutations: 4000, seed: 7} as const;
    const {p, pStandardError} = maximallySelectedLogRank(inputs(c), options);
    const spread = Math.hypot(pStandardError!, Math.sqrt((c.condMC * (1 - c.condMC)) / 50_000));
    expect(Math.abs(p! - c.condMC)).toBeLessThan(5 * spread + 1 / 4000);
    expect(maximallySelectedLogRank(inputs(c), options).p).toBe(p);
  });

  it("does not change with the order of patients or a monotone transform of the score", () => {
    const {time, event, score} = inputs(cases[0]);
    const base = maximallySelectedLogRank({time, event, score});
    fc.assert(
      fc.property(fc.infiniteStream(fc.double({min: 0, max: 1, noNaN: true})), (draws) => {
        const keys = time.map(() => draws.next().value as number);
        const order = keys.map((_, i) => i).sort((i, j) => keys[i] - keys[j]);
        const again = maximallySelectedLogRank({
          time: order.map((i) => time[i]),
          event: order.map((i) => event[i]),
          score: order.map((i) => score[i] ** 3)
        });
        expect(again.cut).toBe(base.cut ** 3);
        expectClose([again.statistic], base.statistic, 1e-12);
        expectClose(again.scan.chiSquare, Array.from(base.scan.chiSquare), 1e-9);
      }),
      {numRuns: 20}
    );
  });

  it("says why no cut can be found", () => {
    const time = [1, 2, 3, 4];
    const score = [1, 2, 3, 4];
    expect(() => maximallySelectedLogRank({time, event: [0, 0, 0, 0], score})).toThrow("no event among 4");
    expect(() => maximallySelectedLogRank({time, event: [1, 1, 1, 1], score: [2, 2, 2, 2]})).toThrow("one value only");
    expect(() => maximallySelectedLogRank({time: [5], event: [1], score: [2]})).toThrow("one value only");
    const event = [1, 0, 1, 1];
    expect(() => maximallySelectedLogRank({time, event, score: [1, 1, 1, 2]}, {maxProportion: 0.5})).toThrow(
      "no cut leaves"
    );
    expect(() => maximallySelectedLogRank({time, event, score}, {minProportion: 0.9, maxProportion: 0.2})).toThrow(
      "minProportion < maxProportion"
    );
    expect(() => maximallySelectedLogRank({time: [3, 3, 3], event: [1, 1, 1], score: [1, 2, 3]})).toThrow(
      "same log-rank score"
    );
  });

  it("counts rows with a missing score", () => {
    const {time, event} = inputs(cases[0]);
    const score = time.map((_, i) => (i % 10 === 0 ? NaN : i));
    expect(maximallySelectedLogRank({time, event, score}).missing).toBe(23);
  });
});

describe("lausen92 and lausen94", () => {
  it("stay positive far out in the tail and fall with the statistic", () => {
    fc.assert(
      fc.property(fc.double({min: 1, max: 36, noNaN: true}), (b) => {
        const cuts = Uint32Array.from({length: 50}, (_, i) => 20 + i);
        for (const p of [(x: number) => lausen92(x, 0.1, 0.9), (x: number) => lausen94(x, cuts, 100)]) {
          expect(p(b)).toBeGreaterThan(0);
          expect(p(b + 0.5)).toBeLessThanOrEqual(p(b));
        }
      })
    );
  });
});
