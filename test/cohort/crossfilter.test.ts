import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {crossfilter, levelBins, UNKNOWN, valueBins} from "../../src/cohort/crossfilter.js";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, PATIENT} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {selectionHistory} from "../../src/cohort/selectionHistory.js";
import {brushScale} from "../../src/components/brushHistogram.js";
import {selections} from "./anySelection.js";
import {lungCohort} from "./lungCohort.js";

const {cohort, study} = lungCohort();
const usual = defaultSelection(study);

const binsOf = (id: string) => {
  if (id === PATIENT) return {bins: new Uint8Array(cohort.n).fill(UNKNOWN), size: 0};
  const column = cohort.variable(id);
  if (column.type === "categorical") return {bins: levelBins(column.codes), size: column.levels.length};
  const {edges} = brushScale(column.values);
  return {bins: valueBins(column.values, edges), size: edges.length - 1};
};

describe("crossfilter", () => {
  it("counts each filtered variable under all other filters, as asking for each by itself does", () => {
    fc.assert(
      fc.property(selections, (selection) => {
        const drawn = selection.filters;
        const own = drawn.map(({variable}) => binsOf(variable));
        const found = crossfilter(
          cohort,
          drawn,
          own.map(({bins}) => bins),
          own.map(({size}) => size),
          rowMask(cohort, {...selection, filters: []})
        );
        drawn.forEach((_, f) => {
          const count = (mask: Uint8Array) => {
            const counts = new Uint32Array(own[f].size);
            mask.forEach((kept, i) => kept && own[f].bins[i] !== UNKNOWN && counts[own[f].bins[i]]++);
            return counts;
          };
          const others = {...selection, filters: drawn.filter((_, other) => other !== f)};
          expect(found[f].offered).toEqual(count(rowMask(cohort, others)));
          expect(found[f].kept).toEqual(count(rowMask(cohort, selection)));
        });
      })
    );
  });
});

describe("the bins of a brush", () => {
  it.each([
    ["even", Float64Array.from({length: 200}, (_, i) => i / 7 - 3)],
    ["a long tail with zeros", Float64Array.from({length: 200}, (_, i) => (i < 90 ? 0 : Math.exp(i / 20)))],
    ["one value", Float64Array.of(5, 5, NaN)],
    ["nobody", Float64Array.of(NaN)]
  ])("hold every known value once, and places go back to values: %s", (_, values) => {
    const {edges, place, value} = brushScale(values);
    expect(edges.every((edge, k) => k === 0 || edge > edges[k - 1])).toBe(true);
    const bins = valueBins(values, edges);
    values.forEach((v, i) => {
      if (Number.isNaN(v)) return expect(bins[i]).toBe(UNKNOWN);
      const last = bins[i] === edges.length - 2;
      expect(v >= edges[bins[i]] && (last ? v <= edges[bins[i] + 1] : v < edges[bins[i] + 1])).toBe(true);
      expect(Math.abs(value(place(v)) - v)).toBeLessThan(1e-9 * Math.max(1, Math.abs(v)));
    });
  });
});

describe("a dragged selection", () => {
  it("is one step back, however many it passed on the way", () => {
    const age = (from: number): Selection => ({...usual, filters: [{variable: "age", from, to: null}]});
    const history = selectionHistory(usual);
    for (const from of [41, 42, 43]) history.slide(age(from));
    history.settle();
    for (const from of [50, 51]) history.slide(age(from));
    history.push({...usual, landmark: 10});
    expect(history.undo()).toEqual(age(51));
    expect(history.undo()).toEqual(age(43));
    expect(history.undo()).toEqual(usual);
    expect(history.undo()).toBeNull();
    expect(history.redo()).toEqual(age(43));
  });
});
