import {describe, expect, it} from "vitest";
import {forest} from "../../src/survival/forest.js";
import {evaluate} from "./cohorts.js";
import {fixture} from "./coxCases.js";
import {expectClose, readDataset} from "./referenceData.js";

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
