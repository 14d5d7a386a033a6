import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {defaultSelection} from "../../src/cohort/selection.js";
import {selectionHistory} from "../../src/cohort/selectionHistory.js";
import {lungCohort} from "./lungCohort.js";

const usual = defaultSelection(lungCohort().study);

describe("selectionHistory(first)", () => {
  it("goes back to the first selection and forth to the last, whatever was done between", () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.integer({min: 0, max: 90}), fc.constantFrom("undo", "redo"))), (acts) => {
        const history = selectionHistory(usual);
        // The same, kept as two piles.
        const [past, future] = [[usual], [] as (typeof usual)[]];
        for (const act of acts)
          if (typeof act === "number") {
            const next = {...usual, landmark: act};
            history.push(next);
            past.push(next);
            future.length = 0;
          } else if (act === "undo") {
            const expected = past.length > 1 ? past.at(-2)! : null;
            expect(history.undo()).toBe(expected);
            if (expected) future.push(past.pop()!);
          } else {
            const expected = future.at(-1) ?? null;
            expect(history.redo()).toBe(expected);
            if (expected) past.push(future.pop()!);
          }
        expect(history.current()).toBe(past.at(-1));
        expect([history.canUndo(), history.canRedo()]).toEqual([past.length > 1, future.length > 0]);
      })
    );
  });
  it("keeps so many steps and no more", () => {
    const history = selectionHistory(usual, 3);
    for (let k = 1; k <= 10; k++) history.push({...usual, landmark: k});
    let back = 0;
    while (history.undo()) back++;
    expect(back).toBe(3);
    expect(history.current().landmark).toBe(7);
  });
});
