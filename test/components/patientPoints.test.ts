import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {nearest, placesOfPoints, REACH} from "../../src/components/patientPoints.js";

const place = fc.integer({min: 0, max: 80});
const points = fc.array(fc.record({x: place, y: place}), {maxLength: 30});

describe("the patient under the pointer", () => {
  it("is the nearest in reach, whose mark may be tall; else nobody", () => {
    fc.assert(
      fc.property(points, place, place, fc.constantFrom(0, 7), (marks, x, y, tall) => {
        const named = marks.map((mark, k) => ({...mark, patient: `P${k}`, words: ""}));
        const distance = (k: number) => Math.hypot(marks[k].x - x, Math.max(0, Math.abs(marks[k].y - y) - tall));
        const least = Math.min(...marks.map((_, k) => distance(k)));
        const found = nearest(placesOfPoints(named, tall), x, y);
        if (least >= REACH) expect(found).toBe(-1);
        else expect(distance(found)).toBe(least);
      })
    );
  });
});
