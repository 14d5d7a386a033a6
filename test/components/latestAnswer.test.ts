import fc from "fast-check";
import {describe, expect, it, vi} from "vitest";
import {rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import type {Selection} from "../../src/cohort/selection.js";
import {latestAnswer} from "../../src/components/latestAnswer.js";
import {lungCohort} from "../cohort/lungCohort.js";

const {cohort, study} = lungCohort();
const usual = defaultSelection(study);
const from = (age: number): Selection => ({...usual, filters: [{variable: "age", from: age, to: null}]});

describe("latestAnswer(own, draw, checked)", () => {
  it("draws each question at once by itself, and tells of the check of the last one only", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({age: fc.integer({min: 40, max: 80}), fails: fc.boolean()}), {minLength: 1, maxLength: 25}),
        async (scheduler, changes) => {
          const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
          const drawn: {selection: Selection; rows: Uint8Array; asked: number}[] = [];
          const checks: {agrees: boolean; asked: number}[] = [];
          const answers = latestAnswer<Selection>(
            (selection) => rowMask(cohort, selection),
            (selection, rows, asked) => drawn.push({selection, rows, asked}),
            (_, {agrees}, asked) => checks.push({agrees, asked})
          );
          const failing = new Set<Selection>();
          answers.checkedBy({
            name: "slow",
            rows: (selection) =>
              scheduler.schedule(Promise.resolve(selection)).then((now) => {
                if (failing.has(now)) throw new Error("stopped");
                return rowMask(cohort, now);
              })
          });
          const selections = changes.map(({age, fails}) => {
            const selection = from(age);
            if (fails) failing.add(selection);
            return selection;
          });
          const asked = selections.map((selection, k) => {
            const done = answers.ask(selection);
            expect(drawn.length).toBe(k + 1);
            return done;
          });
          await scheduler.waitFor(Promise.all(asked));
          warn.mockRestore();
          drawn.forEach(({selection, rows, asked: number}, k) => {
            expect(number).toBe(k + 1);
            expect(selection).toBe(selections[k]);
            expect(rows).toEqual(rowMask(cohort, selections[k]));
          });
          for (const check of checks) expect(check).toEqual({agrees: true, asked: changes.length});
          if (!changes.some(({fails}) => fails)) expect(checks.length).toBe(1);
        }
      )
    );
  });

  it("says when the two pick different rows, and how many each", async () => {
    const checks: unknown[] = [];
    const answers = latestAnswer<Selection>(
      (selection) => rowMask(cohort, selection),
      () => {},
      (by, check, asked) => checks.push([by, check, asked])
    );
    const everyone = new Uint8Array(cohort.n).fill(1);
    answers.checkedBy({name: "wrong", rows: () => Promise.resolve(everyone)});
    await answers.ask(usual);
    await answers.ask(from(60));
    const own = rowMask(cohort, from(60)).reduce((sum, row) => sum + row, 0);
    expect(own).toBeLessThan(cohort.n);
    expect(checks).toEqual([
      ["wrong", {agrees: true}, 1],
      ["wrong", {agrees: false, own, other: cohort.n}, 2]
    ]);
  });

  it("draws though nobody checks", () => {
    const drawn: number[] = [];
    const answers = latestAnswer<Selection>(
      (selection) => rowMask(cohort, selection),
      (_, __, asked) => drawn.push(asked),
      () => {}
    );
    void answers.ask(usual);
    expect(drawn).toEqual([1]);
  });
});
