import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {packMask, packValues, unpackMask, unpackValues} from "../../src/cohort/slicePacking.js";

describe("packValues(values, step)", () => {
  it("gives back every value to half a step, and what lies outside the volume", () => {
    const value = fc.oneof(fc.double({min: -600, max: 600, noNaN: true}), fc.constant(NaN));
    fc.assert(
      fc.property(fc.array(value, {minLength: 1, maxLength: 400}), fc.constantFrom(0.02, 1), (values, step) => {
        const found = unpackValues(packValues(values, step), step);
        expect(found.length).toBe(values.length);
        values.forEach((v, i) => {
          if (Number.isNaN(v)) expect(found[i]).toBeNaN();
          else expect(Math.abs(found[i] - v)).toBeLessThanOrEqual(step / 2 + 1e-4);
        });
      })
    );
  });

  it("clips what is beyond 32,767 steps, and never mistakes it for outside", () => {
    expect([...unpackValues(packValues([-40000, 40000, -32768, 5], 1), 1)]).toEqual([-32767, 32767, -32767, 5]);
  });

  it("packs a smooth slice into a third of its bytes at most", () => {
    const smooth = Float64Array.from({length: 96 * 96}, (_, i) => 8 * Math.exp(-(((i % 96) - 48) ** 2) / 300));
    expect(packValues(smooth, 0.02).length).toBeLessThan((2 * 96 * 96) / 3);
  });
});

describe("packMask(mask)", () => {
  it("comes back as it was", () => {
    const mask = Uint8Array.from({length: 96 * 96}, (_, i) => ((i * 7919) % 5 === 0 ? 1 : 0));
    expect(unpackMask(packMask(mask))).toEqual(mask);
  });
});
