import {describe, expect, it} from "vitest";
import {philox, philox4x32} from "../../src/numeric/random.js";

const hex = (words: Uint32Array) => Array.from(words, (w) => w.toString(16).padStart(8, "0"));

describe("philox4x32", () => {
  // Known answers of Random123 1.14 (kat_vectors, philox4x32 10).
  it.each([
    [
      [0, 0, 0, 0],
      [0, 0],
      ["6627e8d5", "e169c58d", "bc57ac4c", "9b00dbd8"]
    ],
    [Array(4).fill(0xffffffff), Array(2).fill(0xffffffff), ["408f276d", "41c83b0e", "a20bc7c6", "6d5451fd"]],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      ["d16cfe09", "94fdcceb", "5001e420", "24126ea1"]
    ]
  ])("answers as Random123 for counter %j", (counter, key, expected) => {
    const out = new Uint32Array(4);
    philox4x32(counter, key, out);
    expect(hex(out)).toEqual(expected);
  });
});

describe("philox(seed, stream)", () => {
  it("repeats itself, and differs between seeds and streams", () => {
    const draw = (seed: number, stream?: number) => {
      const {uniform} = philox(seed, stream);
      return Array.from({length: 9}, uniform);
    };
    expect(draw(7)).toEqual(draw(7));
    expect(draw(7)).not.toEqual(draw(8));
    expect(draw(7, 1)).not.toEqual(draw(7, 2));
  });

  it("has the moments of its distributions", () => {
    const {uniform, normal, integer} = philox(1);
    const n = 200_000;
    const u = Float64Array.from({length: n}, uniform);
    const z = Float64Array.from({length: n}, normal);
    const mean = (x: Float64Array) => x.reduce((a, b) => a + b, 0) / n;
    expect(Math.abs(mean(u) - 0.5)).toBeLessThan(5 * Math.sqrt(1 / 12 / n));
    expect(Math.abs(mean(z))).toBeLessThan(5 / Math.sqrt(n));
    expect(Math.abs(mean(z.map((v) => v * v)) - 1)).toBeLessThan(5 * Math.sqrt(2 / n));
    expect(u.every((v) => v > 0 && v < 1)).toBe(true);
    const count = new Uint32Array(5);
    for (let i = 0; i < n; i++) count[integer(5)]++;
    for (const c of count) expect(Math.abs(c - n / 5)).toBeLessThan(5 * Math.sqrt(n * 0.16));
  });

  it("shuffles to every order equally often", () => {
    const {shuffle} = philox(3);
    const seen = new Map<string, number>();
    for (let i = 0; i < 60_000; i++) {
      const order = shuffle([0, 1, 2]).join("");
      seen.set(order, (seen.get(order) ?? 0) + 1);
    }
    expect(seen.size).toBe(6);
    for (const c of seen.values()) expect(Math.abs(c - 10_000)).toBeLessThan(500);
  });

  it("refuses a seed that is no whole number", () => {
    expect(() => philox(0.5)).toThrow("seed must be a whole number");
    expect(() => philox(1, -1)).toThrow("stream must be a whole number");
  });
});
