import {describe, expect, it} from "vitest";
import {philox} from "../../src/numeric/random.js";
import {countCells} from "../../src/survival/cellCounts.js";
import {cellMoments} from "../../src/survival/cellMoments.js";
import {coxCells, coxMoments} from "../../src/survival/coxCells.js";
import {forest} from "../../src/survival/forest.js";
import {pickMoments} from "../../src/survival/momentBlocks.js";
import {cellsFrom, NO_CELL} from "../../src/survival/patientCells.js";
import {surv} from "../../src/survival/surv.js";
import {turns} from "./cohorts.js";
import type {ForestLine, Test} from "./coxCases.js";
import {expectClose, readFixture} from "./referenceData.js";

interface Fixture {
  n: number;
  cases: {
    grid: number;
    distinct: number;
    rows: ForestLine[];
    interaction: Test;
  }[];
}
const fixture = readFixture<Fixture>("forestOfMany");

/** What forestOfMany.R makes. */
function patients(n: number, grid: number) {
  const [g, l, d, e, c] = turns(n, [2, 3, 5, 7, 11]);
  const group = Array.from(g, (u) => Number(u < 0.4));
  const level = Array.from(l, (u) => Number(u < 0.3) + Number(u < 0.02));
  const died = group.map((x, i) => (d[i] * e[i]) / ((1 + x) * (1 + 0.5 * level[i] * x + 0.2 * level[i])));
  const left = Array.from(c, (u) => 0.05 + 0.9 * u);
  const event = died.map((t, i) => Number(t <= left[i]));
  const time = died.map((t, i) => Math.floor(grid * Math.min(t, left[i])) + 1);
  return {group, level, time, event};
}

describe("a forest of many patients", () => {
  it.each(fixture.cases)("has R's fits and test of interaction, on $distinct distinct times", (c) => {
    const {group, level, time, event} = patients(fixture.n, c.grid);
    const {rows, interaction} = forest({time, event, group, subgroup: level});
    c.rows.forEach((truth, l) => {
      const {hazardRatio, lower, upper, p, n, events} = rows[l];
      expectClose([hazardRatio, lower, upper], [truth.hazardRatio, truth.lower, truth.upper], 1e-8);
      // R prints what underflows to less than the least normal number with few figures.
      if (truth.p > 1e-300) expectClose([p], [truth.p], 1e-6);
      expect([...n, ...events]).toEqual([...truth.n, ...truth.events]);
    });
    expect(interaction!.df).toBe(c.interaction.df);
    expectClose([interaction!.statistic], [c.interaction.statistic], 1e-7);
    expectClose([interaction!.p], [c.interaction.p], 1e-6);
  });
});

describe("a level without an estimate", () => {
  it.each([
    ["of one group alone", (g: number, l: number) => (l === 2 && g === 1 ? null : g), (e: number) => e],
    ["without an event", (g: number) => g, (e: number, _: number, l: number) => (l === 2 ? 0 : e)],
    ["with no event in one group", (g: number) => g, (e: number, g: number, l: number) => (l === 2 && g === 1 ? 0 : e)]
  ])("says why among many patients as it does among few: %s", (_, groupOf, eventOf) => {
    const seen = [3000, 12_000].map((n) => {
      const {group, level, time, event} = patients(n, 1e6);
      const found = forest({
        time,
        event: event.map((e, i) => eventOf(e, group[i], level[i])),
        group: group.map((g, i) => groupOf(g, level[i])),
        subgroup: level
      });
      expect(found.rows[0].reason).toBeNull();
      return {reason: found.rows[2].reason, df: found.interaction?.df};
    });
    expect(seen[0].reason).not.toBeNull();
    expect(seen[1]).toEqual(seen[0]);
  });
});

/** Patients of four cells, the last a rare one. */
function cohort(n: number, {ties, entries, seed}: {ties: number; entries: boolean; seed: number}) {
  const random = philox(seed);
  const cell = Uint8Array.from({length: n}, () => Math.min(3, Math.floor(3.01 * random.uniform())));
  const exact = Float64Array.from(cell, (c) => -Math.log(1 - random.uniform()) / (1 + c));
  const event = Uint8Array.from(exact, () => Number(random.uniform() < 0.6));
  const time = exact.map((t) => (ties > 0 ? Math.ceil(t * ties) : t));
  const entry = time.map((t) => (random.uniform() < 0.5 ? 0 : 0.7 * t * random.uniform()));
  const prepared = surv({time, event, ...(entries ? {entry} : {})});
  return {surv: prepared, cell: Uint8Array.from(prepared.order, (i) => cell[i])};
}

describe("moments of cells", () => {
  const kinds = [0, 2000, 30].flatMap((ties) => [false, true].map((entries, k) => ({ties, entries, seed: ties + k})));

  it.each(kinds)("give the fit that counts at every event time give: $ties ties a unit, entries $entries", (kind) => {
    const {surv: prepared, cell} = cohort(12_000, kind);
    const counts = countCells(prepared, cellsFrom(cell, 4));
    const moments = cellMoments(prepared, cellsFrom(cell, 4));
    expect(moments.events).toEqual(counts.events);
    expect(moments.n).toEqual(counts.n);
    expect(moments.all.deaths.reduce((sum, d) => sum + d, 0)).toBe(counts.deadCell.length);
    const crossed = [0, 0, 0, 0, 1, 0, 1, 0, 0, 1, 1, 1];
    const [truth, fit] = [coxCells(counts, crossed), coxMoments(moments.all, counts, crossed)];
    expect(fit.converged).toBe(true);
    expectClose(fit.beta, [...truth.beta], 1e-7);
    expectClose(fit.variance, [...truth.variance], 1e-7);
    // A test of two models takes the difference of two such: this is what it may be off by.
    expect(Math.abs(fit.logLikelihood[1] - truth.logLikelihood[1])).toBeLessThan(1e-6);
  });

  it("are far fewer than the events", () => {
    const {surv: prepared, cell} = cohort(50_000, {ties: 0, entries: false, seed: 1});
    const {all, events} = cellMoments(prepared, cellsFrom(cell, 4));
    expect(all.blocks).toBeLessThan(events.reduce((sum, e) => sum + e, 0) / 10);
  });

  it.each(kinds)(
    "of a pair are those of a cohort with these two alone: $ties ties a unit, entries $entries",
    (kind) => {
      const {surv: prepared, cell} = cohort(12_000, kind);
      const pair = cellMoments(prepared, cellsFrom(cell, 4)).pairs[1];
      const alone = countCells(
        prepared,
        cellsFrom(
          cell.map((c) => (c === 1 ? 0 : c === 3 ? 1 : NO_CELL)),
          2
        )
      );
      const [truth, fit] = [coxCells(alone, [0, 1]), coxMoments(pair, alone, [0, 1])];
      expectClose(fit.beta, [...truth.beta], 1e-7);
      expectClose(fit.variance, [...truth.variance], 1e-7);
    }
  );

  it("of picked cells leave out those nobody is in", () => {
    const {surv: prepared, cell} = cohort(12_000, {ties: 30, entries: true, seed: 3});
    const four = cellMoments(prepared, cellsFrom(cell, 4)).all;
    const wider = cellMoments(
      prepared,
      cellsFrom(
        cell.map((c) => (c < 2 ? c : c + 1)),
        6
      )
    ).all;
    expect(pickMoments(wider, [0, 1, 3, 4])).toEqual(four);
  });
});
