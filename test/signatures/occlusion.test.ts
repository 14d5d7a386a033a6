import {describe, expect, it} from "vitest";
import type {NetworkSession} from "../../data-loaders/signatures/cpuSession.js";
import {occlusionInfluence} from "../../data-loaders/signatures/occlusion.js";
import {philox} from "../../src/numeric/random.js";

const pixels = 32;
const area = pixels * pixels;

/** A risk that is a weighted sum of its input: what a covered square takes away is then known exactly. */
function weightedSum(weights: Float32Array): NetworkSession {
  return {
    run: async (input, n) => {
      const risk = Float32Array.from({length: n}, (_, image) => {
        let sum = 0;
        for (let k = 0; k < weights.length; k++) sum += weights[k] * input[image * weights.length + k];
        return sum;
      });
      return {risk, embedding: new Float32Array()};
    },
    close: async () => {}
  };
}

describe("occlusionInfluence(session, input, pixels)", () => {
  it("is what each square adds to a weighted sum beyond its channel's mean", async () => {
    const random = philox(7);
    const input = Float32Array.from({length: 3 * area}, () => random.uniform() * 2 - 1);
    const weights = Float32Array.from({length: 3 * area}, () => random.uniform() - 0.4);
    const influence = await occlusionInfluence(weightedSum(weights), input, pixels);
    expect(influence.length).toBe(49);
    const means = [0, 1, 2].map((c) => input.slice(c * area, (c + 1) * area).reduce((s, v) => s + v, 0) / area);
    // Squares of 8 pixels, 4 apart: the last ends at the edge.
    const known = Array.from({length: 49}, (_, square) => {
      const [left, top] = [4 * (square % 7), 4 * Math.floor(square / 7)];
      let sum = 0;
      for (let c = 0; c < 3; c++)
        for (let y = top; y < top + 8; y++)
          for (let x = left; x < left + 8; x++) {
            const at = c * area + y * pixels + x;
            sum += weights[at] * (input[at] - means[c]);
          }
      return sum;
    });
    influence.forEach((fall, square) => expect(Math.abs(fall - known[square])).toBeLessThan(1e-3));
  });

  it("is nothing in a uniform image", async () => {
    const weights = new Float32Array(3 * area).fill(0.25);
    const influence = await occlusionInfluence(weightedSum(weights), new Float32Array(3 * area).fill(0.5), pixels);
    expect(Math.max(...influence.map(Math.abs))).toBeLessThan(1e-4);
  });
});
