import {describe, expect, it} from "vitest";
import {forest, forestOfCodes} from "../../src/survival/forest.js";
import {surv} from "../../src/survival/surv.js";
import {evaluate} from "./cohorts.js";
import {fixture} from "./coxCases.js";
import {expectClose, readDataset, readFixture} from "./referenceData.js";

/** Small cohorts of infiniteInteraction.R. */
interface SmallCohort {
  readonly time: number[];
  readonly event: number[];
  readonly group: number[];
  readonly level: number[];
  readonly statistic: number;
}

describe("forest", () => {
  it.each(fixture.forests)("has R's fit of each level and anova's interaction: $data, $group by $subgroup", (c) => {
    const columns = readDataset(c.data);
    const {rows, interaction} = forest({
      time: evaluate(columns, c.time),
      event: evaluate(columns, c.event),
      group: columns[c.group],
      subgroup: columns[c.subgroup]
    });
    const inROrder = c.rows.map(({level}) => rows.find((row) => String(row.level) === level)!);
    expect(rows.length).toBe(c.rows.length);
    c.rows.forEach((truth, l) => {
      const {hazardRatio, lower, upper, p, n, events} = inROrder[l];
      expectClose([hazardRatio, lower, upper], [truth.hazardRatio, truth.lower, truth.upper], 1e-7);
      expectClose([p], truth.p, 1e-6);
      expect([...n, ...events]).toEqual([...truth.n, ...truth.events]);
    });
    expect(interaction!.df).toBe(c.interaction.df);
    expectClose([interaction!.statistic], c.interaction.statistic, 1e-7);
    expectClose([interaction!.p], c.interaction.p, 1e-6);
  });

  it("has R's test of interaction where a coefficient is infinite", () => {
    const {cases} = readFixture<{cases: SmallCohort[]}>("infiniteInteraction");
    expect(cases.length).toBeGreaterThan(300);
    for (const {time, event, group, level, statistic} of cases) {
      const {interaction} = forest({time, event, group, groupLevels: [0, 1], subgroup: level});
      // Null where no coefficient tells the effects apart: then R's likelihoods are the same.
      expect(interaction?.statistic ?? 0).toBeCloseTo(statistic, 5);
    }
  });

  it("is the same from codes, of more levels than cells can have too", () => {
    const n = 1300;
    const time = Array.from({length: n}, (_, i) => 1 + ((i * 7919) % 997));
    const event = time.map((t) => Number(t % 3 > 0));
    for (const width of [4, 130]) {
      const group = time.map((_, i) => (i % 17 === 0 ? null : (i >> 1) % 2));
      const subgroup = time.map((_, i) => (i % 19 === 0 ? null : i % width));
      const levels = Array.from({length: width}, (_, l) => l);
      const codes = [group, subgroup].map((labels) => Float64Array.from(labels, (label) => label ?? NaN));
      const [two, many] = [
        {levels: [0, 1], code: codes[0]},
        {levels, code: codes[1]}
      ];
      const labels = {group, groupLevels: [0, 1], subgroup, subgroupLevels: levels};
      expect(forestOfCodes(surv({time, event}), null, two, many, n)).toEqual(forest({time, event, ...labels}));
    }
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
