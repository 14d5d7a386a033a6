import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {compareConcordance} from "../../src/survival/compareConcordance.js";
import {concordance} from "../../src/survival/concordance.js";
import {surv} from "../../src/survival/surv.js";
import {evaluate, followUps, permuted} from "./cohorts.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

interface Case {
  data: string;
  time: string;
  event: string;
  score: string;
  entry: string | null;
  weight: string | null;
  strata: string | null;
  timewt: "n" | "n/G2";
  n: number;
}
const counts = [
  "concordance",
  "standardError",
  "concordant",
  "discordant",
  "tiedScore",
  "tiedTime",
  "tiedBoth"
] as const;
const fixture = readFixture<{
  cases: (Case & Record<(typeof counts)[number], number>)[];
  compare: (Case & {reference: string; difference: number; standardError: number; p: number})[];
}>("concordance");

function input(c: Case) {
  const columns = readDataset(c.data);
  const score =
    columns[c.score] && typeof columns[c.score].find((v) => v !== null) === "string"
      ? sizes(columns[c.score])
      : evaluate(columns, c.score);
  return {
    time: evaluate(columns, c.time),
    event: evaluate(columns, c.event),
    score,
    ...(c.entry ? {entry: evaluate(columns, c.entry)} : {}),
    ...(c.weight ? {weight: evaluate(columns, c.weight)} : {}),
    ...(c.strata ? {strata: columns[c.strata]} : {})
  };
}

function sizes(column: (number | string | null)[]): number[] {
  return column.map((v) => ["<=20", "20-50", ">50"].indexOf(String(v)) + 1);
}

describe("concordance(input) against R", () => {
  it.each(fixture.cases)("$data by $score, strata $strata, weight $weight, $timewt", (c) => {
    const result = concordance(input(c), {weight: c.timewt});
    expectClose(
      counts.map((name) => result[name]),
      counts.map((name) => c[name]),
      1e-9
    );
    expect(result.n).toBe(c.n);
  });

  it.each(fixture.compare)("$data: $score against $reference, $timewt", (c) => {
    const reference = input({...c, score: c.reference}).score;
    const {difference, standardError, p, score} = compareConcordance({...input(c), reference}, {weight: c.timewt});
    expectClose([difference, standardError], [c.difference, c.standardError], 1e-9);
    expectClose([p], c.p, 1e-6);
    expect(score.n).toBe(c.n);
  });
});

/** Every pair, one by one. */
function byPairs({time, event, entry, score}: {time: number[]; event: number[]; entry?: number[]; score: number[]}) {
  let [concordant, pairs] = [0, 0];
  for (let i = 0; i < time.length; i++)
    for (let j = 0; j < time.length; j++) {
      const later = time[j] > time[i] || (time[j] === time[i] && event[j] === 0);
      if (i === j || event[i] === 0 || !later || (entry && entry[j] >= time[i])) continue;
      pairs++;
      concordant += score[i] > score[j] ? 1 : score[i] === score[j] ? 0.5 : 0;
    }
  return pairs > 0 ? concordant / pairs : NaN;
}

describe("concordance: what must hold for any cohort", () => {
  const cohorts = fc
    .tuple(
      followUps({entry: true, minLength: 3}),
      fc.array(fc.integer({min: -3, max: 3}), {minLength: 60, maxLength: 60})
    )
    .map(([cohort, score]) => ({...cohort, entry: cohort.entry!, score: score.slice(0, cohort.time.length)}))
    .filter((cohort) => !Number.isNaN(byPairs(cohort)));

  it("is the share of pairs, counted one by one", () => {
    fc.assert(
      fc.property(cohorts, (cohort) => {
        expect(concordance(cohort).concordance).toBeCloseTo(byPairs(cohort), 12);
      })
    );
  });

  it("adds up to 1 with the turned score, whatever the order of patients", () => {
    fc.assert(
      fc.property(cohorts, fc.nat(), (cohort, seed) => {
        const {concordance: c, standardError} = concordance(cohort);
        const turned = concordance({...cohort, score: cohort.score.map((s) => -s)});
        expect(c + turned.concordance).toBeCloseTo(1, 12);
        expect(turned.standardError).toBeCloseTo(standardError, 12);
        expect(concordance(permuted(cohort, seed)).concordance).toBeCloseTo(c, 12);
      })
    );
  });

  it("gives a prepared cohort with a mask what it gives the rows themselves", () => {
    fc.assert(
      fc.property(cohorts, (cohort) => {
        const keep = cohort.score.map((s) => s !== 1);
        const only = (column: number[]) => column.filter((_, i) => keep[i]);
        const direct = {
          time: only(cohort.time),
          event: only(cohort.event),
          entry: only(cohort.entry),
          score: only(cohort.score)
        };
        fc.pre(!Number.isNaN(byPairs(direct)));
        const masked = concordance({surv: surv(cohort), rows: Uint8Array.from(keep, Number), score: cohort.score});
        expectClose(
          counts.map((name) => masked[name]),
          counts.map((name) => concordance(direct)[name]),
          1e-12
        );
      })
    );
  });
});

describe("concordance: input that cannot be used", () => {
  it("says what is wrong", () => {
    expect(() => concordance({time: [1, 2], event: [0, 0], score: [1, 2]})).toThrow(
      "no two of 2 patients can be compared"
    );
    expect(() => concordance({time: [1, 2], event: [1, 0], score: [1]})).toThrow("score has 1 values");
    expect(() => concordance({time: [1, 2], event: [1, 0], entry: [0, 0], score: [1, 2]}, {weight: "n/G2"})).toThrow(
      "left-truncated"
    );
  });

  it("counts a missing score", () => {
    const {n, missing} = concordance({time: [1, 2, 3], event: [1, 1, 0], score: [3, NaN, 1]});
    expect([n, missing]).toEqual([2, 1]);
  });
});
