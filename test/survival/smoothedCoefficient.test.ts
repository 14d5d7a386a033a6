import {describe, expect, it} from "vitest";
import {coxph} from "../../src/survival/coxph.js";
import {smoothedCoefficient} from "../../src/survival/smoothedCoefficient.js";
import {expectClose, numbers, readDataset, readFixture} from "./referenceData.js";

interface Curve {
  x: number[];
  coef: number[];
  lower: number[];
  upper: number[];
}

const lung = readDataset("lung");
const time = numbers(lung, "time");
const event = Uint8Array.from(numbers(lung, "status"), (s) => s - 1);
const all = {sex: numbers(lung, "sex"), age: numbers(lung, "age")};

describe("smoothedCoefficient(fit, coefficient)", () => {
  it.each(readFixture<{cases: {name: string; curves: Curve[]}[]}>("smoothedCoefficient").cases)(
    "is the curve R draws for cox.zph: $name",
    ({name, curves}) => {
      const fit = coxph({time, event, terms: name === "sex" ? {sex: all.sex} : all});
      curves.forEach((r, j) => {
        const smooth = smoothedCoefficient(fit, j);
        expectClose(smooth.x, r.x, 1e-9);
        expectClose(smooth.coef, r.coef, 1e-7);
        expectClose(smooth.lower, r.lower, 1e-7);
        expectClose(smooth.upper, r.upper, 1e-7);
        expect(Array.from(smooth.time)).toEqual(Array.from(smooth.time).sort((a, b) => a - b));
        expect([smooth.time[0], smooth.time.at(-1)]).toEqual([5, 883]);
      });
    }
  );
  it("refuses too few event times", () => {
    const fit = coxph({time: [1, 2, 3, 4, 5], event: [1, 1, 0, 1, 0], terms: {x: [1, 0, 0, 1, 1]}});
    expect(() => smoothedCoefficient(fit, 0)).toThrow(/needs more event times/);
  });
});
