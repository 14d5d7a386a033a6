import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {countCells, pickCells} from "../../src/survival/cellCounts.js";
import {cellsFrom, NO_CELL} from "../../src/survival/patientCells.js";
import {completeRows} from "../../src/survival/completeRows.js";
import {coxCells} from "../../src/survival/coxCells.js";
import {coxph} from "../../src/survival/coxph.js";
import type {Ties} from "../../src/survival/coxph.js";
import {forest} from "../../src/survival/forest.js";
import {effectsByCell} from "../../src/survival/forestByCell.js";
import {effectsByRow} from "../../src/survival/forestByRow.js";
import {surv} from "../../src/survival/surv.js";
import type {Surv} from "../../src/survival/surv.js";
import {followUps} from "./cohorts.js";
import {expectClose} from "./referenceData.js";

/** Cohorts with ties, some with left truncation, in cells; one row in seven is in none. */
const cohorts = (cells: number) =>
  fc
    .tuple(
      fc.boolean(),
      followUps({entry: true, minLength: 15}),
      fc.array(fc.integer({min: 0, max: 6}), {minLength: 60, maxLength: 60})
    )
    .map(([truncated, {entry, ...followUp}, drawn]) => ({
      followUp: truncated ? {...followUp, entry} : followUp,
      cell: Uint8Array.from(followUp.time, (_, i) => (drawn[i] === 6 ? NO_CELL : drawn[i] % cells))
    }));

/** Cells by row as the counts take them. */
const inOrder = ({order}: Surv, cell: Uint8Array, cells: number) =>
  cellsFrom(
    Uint8Array.from(order, (i) => cell[i]),
    cells
  );

describe("coxCells", () => {
  it("is no less likely with a column more, and names what is infinite where it does not converge", () => {
    const small = fc.tuple(followUps({minLength: 6}), fc.array(fc.nat(7), {minLength: 60, maxLength: 60}));
    fc.assert(
      fc.property(small, ([followUp, drawn]) => {
        // Two groups in four levels, of which some have a patient or two.
        const prepared = surv(followUp);
        const cell = Uint8Array.from(followUp.time, (_, i) => Math.min(drawn[i], drawn[(7 * i) % 60]));
        const counts = countCells(prepared, inOrder(prepared, cell, 8));
        fc.pre(counts.times > 0);
        const design = (levels: number, crossed: boolean) =>
          Array.from({length: 8}, (_, c) => {
            const dummies = Array.from({length: levels}, (_, l) => Number(c % 4 === l + 1));
            return [Number(c > 3), ...dummies, ...(crossed ? dummies.map((one) => one * Number(c > 3)) : [])];
          }).flat();
        const models = [design(0, false), design(3, false), design(3, true)].map((columns) =>
          coxCells(counts, columns)
        );
        let reached = -Infinity;
        for (const {logLikelihood, converged, infinite, rank} of models) {
          expect(logLikelihood[1]).toBeGreaterThan(reached - 1e-6);
          expect(converged || infinite.includes(1) || rank === 0).toBe(true);
          reached = logLikelihood[1];
        }
      }),
      {numRuns: 500}
    );
  });

  it.each(["efron", "breslow"] as Ties[])("is coxph on the patients (%s)", (ties) => {
    const columns = [
      [0, 1, 0, 1, 0, 1],
      [0, 0, 1, 1, 0, 0],
      [0, 0, 0, 0, 1, 1]
    ];
    const design = Array.from({length: 6}, (_, c) => columns.map((column) => column[c])).flat();
    let compared = 0;
    fc.assert(
      fc.property(cohorts(6), ({followUp, cell}) => {
        const prepared = surv(followUp);
        const rows = Uint8Array.from(cell, (c) => Number(c !== NO_CELL));
        const counts = countCells(prepared, inOrder(prepared, cell, 6));
        fc.pre(counts.deadCell.length > 3);
        const terms = Object.fromEntries(
          columns.map((column, j) => [`x${j}`, Array.from(cell, (c) => (c === NO_CELL ? 0 : column[c]))])
        );
        const truth = coxph({surv: prepared, rows, terms}, {ties});
        const fit = coxCells(counts, design, {ties});
        expect(fit.converged).toBe(truth.converged);
        if (!truth.converged) return;
        compared++;
        expect(fit.rank).toBe(truth.likelihoodRatio.df);
        expectClose(fit.logLikelihood, [...truth.logLikelihood], 1e-9);
        const found = fit.beta.map((b, j) => (fit.redundant[j] ? NaN : b));
        found.forEach((b, j) => {
          if (Math.abs(truth.coef[j]) > 1e-6) expectClose([b], [truth.coef[j]], 1e-6);
          expectClose([Math.sqrt(fit.variance[j * 4])], [truth.standardError[j] || 0], 1e-6);
        });
      })
    );
    expect(compared).toBeGreaterThan(50);
  });

  it("of picked cells is that of a cohort with these alone", () => {
    fc.assert(
      fc.property(cohorts(4), ({followUp, cell}) => {
        const prepared = surv(followUp);
        const alone = cell.map((c) => (c === 1 ? 0 : c === 3 ? 1 : NO_CELL));
        const picked = pickCells(countCells(prepared, inOrder(prepared, cell, 4)), [1, 3]);
        const counted = countCells(prepared, inOrder(prepared, alone, 2));
        expect(picked.times).toBe(counted.times);
        expect(picked.atRisk).toEqual(counted.atRisk);
        expect(picked.deadCell).toEqual(counted.deadCell);
        expect(picked.n).toEqual(counted.n);
        expect(picked.events).toEqual(counted.events);
      })
    );
  });
});

describe("forest from cells", () => {
  it("is the forest from rows, which weights of 1 ask for", () => {
    const cells = cohorts(6);
    fc.assert(
      fc.property(cells, ({followUp, cell}) => {
        const group = Array.from(cell, (c) => (c === NO_CELL ? null : c % 2));
        const subgroup = Array.from(cell, (c) => (c === NO_CELL ? null : Math.floor(c / 2)));
        const labels = {group, groupLevels: [0, 1], subgroup, subgroupLevels: [0, 1, 2]};
        const prepared = surv(followUp);
        const counts = countCells(prepared, inOrder(prepared, cell, 6));
        // A cell that is at risk at no event leaves coxph a column of rounding, which it may take for information.
        const seen = (c: number) => counts.atRisk.some((n, at) => at % 6 === c && n > 0);
        fc.pre(counts.n.some((n) => n > 0) && counts.n.every((n, c) => n === 0 || seen(c)));
        const found = forest({surv: surv(followUp), ...labels});
        const truth = forest({surv: surv({...followUp, weight: followUp.time.map(() => 1)}), ...labels});
        expect(found.missing).toBe(truth.missing);
        found.rows.forEach((row, l) => {
          const other = truth.rows[l];
          expect([row.n, row.events]).toEqual([other.n, other.events]);
          if (row.reason?.startsWith("No event fell")) return; // coxph has a column of rounding
          expect(row.reason === null).toBe(other.reason === null);
          expectClose([row.hazardRatio, row.lower, row.upper], [other.hazardRatio, other.lower, other.upper], 1e-6);
        });
        expect(found.interaction?.df).toBe(truth.interaction?.df);
        if (truth.interaction)
          expect(Math.abs(found.interaction!.statistic - truth.interaction.statistic)).toBeLessThan(1e-4);
      })
    );
  });
});

describe("forest from weighted cells", () => {
  it("is the forest from weighted rows, robust errors included", () => {
    let robust = 0;
    fc.assert(
      fc.property(cohorts(6), fc.boolean(), ({followUp, cell}, whole) => {
        const weight = Float64Array.from(followUp.time, (_, i) => (whole ? 1 + (i % 3) : 0.4 + ((i * 37) % 11) / 7));
        const prepared = surv({...followUp, weight});
        const [group, subgroup] = [(c: number) => c % 2, (c: number) => Math.floor(c / 2)].map((of) => ({
          levels: [0, 1, 2].slice(0, of(1) === 1 ? 2 : 3),
          code: Int32Array.from(cell, (c) => (c === NO_CELL ? -1 : of(c)))
        }));
        const counts = countCells(prepared, inOrder(prepared, cell, 6));
        const seen = (c: number) => counts.atRisk.some((n, at) => at % 6 === c && n > 0);
        fc.pre(counts.n.every((n, c) => n === 0 || seen(c)) && counts.n.some((n) => n > 0));
        const rows = completeRows({surv: prepared}, {}, "test", {entry: true, weight: true}, [group, subgroup]);
        const truth = effectsByRow(rows, group, subgroup, 0.95);
        const found = effectsByCell(
          prepared,
          inOrder(prepared, cellOf(group.code, subgroup.code), 6),
          subgroup.levels,
          0.95
        );
        found.rows.forEach((row, l) => {
          const other = truth.rows[l];
          expect([row.n, row.events]).toEqual([other.n, other.events]);
          if (row.reason?.startsWith("No event fell")) return; // coxph has a column of rounding
          expect(row.reason === null).toBe(other.reason === null);
          if (row.reason === null && !whole) robust++;
          expectClose([row.hazardRatio, row.lower, row.upper], [other.hazardRatio, other.lower, other.upper], 1e-6);
        });
        expect(found.interaction?.df).toBe(truth.interaction?.df);
        if (truth.interaction)
          expect(Math.abs(found.interaction!.statistic - truth.interaction.statistic)).toBeLessThan(1e-4);
      })
    );
    expect(robust).toBeGreaterThan(30);
  });
});

const cellOf = (group: Int32Array, level: Int32Array) =>
  Uint8Array.from(group, (g, i) => (g < 0 ? NO_CELL : g * 3 + level[i]));
