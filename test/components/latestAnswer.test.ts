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

describe("latestAnswer(own, draw)", () => {
  it("draws last what was asked last, in whatever order the answers come, and no answer to an older question", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.scheduler(),
        fc.array(fc.record({age: fc.integer({min: 40, max: 80}), fails: fc.boolean()}), {minLength: 1, maxLength: 25}),
        async (scheduler, changes) => {
          const warn = vi.spyOn(console, "warn").mockImplementation(() => {});
          const drawn: {selection: Selection; rows: Uint8Array; asked: number}[] = [];
          const answers = latestAnswer<Selection>(
            (selection) => rowMask(cohort, selection),
            (selection, rows, _, asked) => drawn.push({selection, rows, asked})
          );
          const failing = new Set<Selection>();
          answers.answeredBy({
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
          const asked = selections.map((selection) => answers.ask(selection));
          await scheduler.waitAll();
          await Promise.all(asked);
          warn.mockRestore();
          const last = drawn.at(-1)!;
          expect(last.selection).toBe(selections.at(-1));
          expect(last.rows).toEqual(rowMask(cohort, selections.at(-1)!));
          for (const {selection, rows, asked: number} of drawn) {
            expect(selection).toBe(selections[number - 1]);
            expect(rows).toEqual(rowMask(cohort, selection));
          }
          expect(drawn.map(({asked: number}) => number)).toEqual(drawn.map(({asked: n}) => n).sort((a, b) => a - b));
        }
      )
    );
  });
  it("answers by itself at once while nobody else does", () => {
    const drawn: (string | null)[] = [];
    const answers = latestAnswer<Selection>(
      (selection) => rowMask(cohort, selection),
      (_, __, by) => drawn.push(by)
    );
    void answers.ask(usual);
    expect(drawn).toEqual([null]);
  });
});
