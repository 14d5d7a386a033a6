import {describe, expect, it} from "vitest";
import {gseaSamplePermutation, permutedLabels, signalToNoise} from "../../src/enrichment/index.js";
import {philox} from "../../src/numeric/random.js";
import {slowScore} from "./gseaReference.js";

const [genes, samples] = [40, 8];
const random = philox(21);
const groups = Uint8Array.of(1, 0, 1, 0, 1, 0, 1, 0);
// The first eight genes differ; the sets hold six of them, or others.
const values = Float64Array.from({length: genes * samples}, (_, i) => {
  const shift = i < 8 * samples && groups[i % samples] ? 2.5 : 0;
  return 6 + shift + random.normal();
});
const sets = [
  [0, 1, 2, 3, 4, 5],
  [6, 9, 20, 33],
  [10, 15, 22, 28, 31]
].map((rows) => ({rows: Int32Array.from(rows)}));

function slowSignalToNoise(labels: Uint8Array): Float64Array {
  return Float64Array.from({length: genes}, (_, gene) => {
    const moments = [1, 0].map((group) => {
      const row = Array.from(values.subarray(gene * samples, (gene + 1) * samples)).filter(
        (_v, i) => labels[i] === group
      );
      const mean = row.reduce((a, b) => a + b) / row.length;
      const sd = Math.sqrt(row.reduce((sum, v) => sum + (v - mean) ** 2, 0) / (row.length - 1));
      return {mean, sd: Math.max(sd, 0.2 * Math.abs(mean))};
    });
    return (moments[0].mean - moments[1].mean) / (moments[0].sd + moments[1].sd);
  });
}

describe("permutation of samples", () => {
  // All 70 ways to label 4 of 8.
  const ways = Array.from({length: 256}, (_, bits) => Uint8Array.from({length: 8}, (__, i) => (bits >> i) & 1)).filter(
    (labels) => labels.reduce((a, b) => a + b) === 4
  );

  it("counts every relabelling as the definition does", () => {
    const results = gseaSamplePermutation(sets, signalToNoise(values, groups), (i) => signalToNoise(values, ways[i]), {
      permutations: ways.length
    });
    const slow = (labels: Uint8Array, rows: Int32Array) => {
      const statistics = slowSignalToNoise(labels);
      const order = [...statistics.keys()].sort((a, b) => statistics[b] - statistics[a]);
      const ranked = order.map((row) => statistics[row]);
      return slowScore(
        ranked,
        Array.from(rows, (row) => order.indexOf(row)),
        1
      );
    };
    sets.forEach(({rows}, set) => {
      const observed = slow(groups, rows);
      const same = ways.map((labels) => slow(labels, rows)).filter((score) => score >= 0 === observed >= 0);
      const more = same.filter((score) => Math.abs(score) >= Math.abs(observed) - 1e-12).length;
      expect(results[set].p).toBeCloseTo((more + 1) / (same.length + 1), 12);
      const mean = same.reduce((sum, score) => sum + Math.abs(score), 0) / same.length;
      expect(results[set].normalizedScore).toBeCloseTo(observed / mean, 10);
    });
    expect(results[0].p).toBeLessThan(results[1].p);
  });

  it("shuffles labels by seed and permutation alone", () => {
    expect(permutedLabels(groups, 7, 3)).toEqual(permutedLabels(groups, 7, 3));
    expect(permutedLabels(groups, 7, 3).reduce((a, b) => a + b)).toBe(4);
    const seen = new Set(Array.from({length: 2000}, (_, i) => permutedLabels(groups, i, 3).join("")));
    expect(seen.size).toBe(70);
  });

  it("null data give uniform p", () => {
    const count = 150;
    const p = Array.from({length: count}, (_, i) => {
      const noise = philox(900 + i);
      const data = Float64Array.from({length: 60 * 10}, () => noise.normal());
      const labels = Uint8Array.from({length: 10}, (__, s) => s % 2);
      const statistics = (j: number) => signalToNoise(data, permutedLabels(labels, j, i));
      return gseaSamplePermutation(
        [{rows: Int32Array.of(3, 9, 14, 25, 31, 44, 58)}],
        signalToNoise(data, labels),
        statistics,
        {
          permutations: 120
        }
      )[0].p;
    }).sort((a, b) => a - b);
    const distance = Math.max(...p.map((value, i) => Math.max((i + 1) / count - value, value - i / count)));
    expect(distance).toBeLessThan(1.95 / Math.sqrt(count) + 1 / 40);
  });

  it("refuses groups too small and statistics that cannot be ranked", () => {
    expect(() => signalToNoise(values, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0))).toThrow("groups of 1 and 7 samples");
    const bad = signalToNoise(values, groups).fill(NaN, 4, 5);
    expect(() => gseaSamplePermutation(sets, bad, () => bad)).toThrow("gene 5 is NaN under the true labels");
    const good = signalToNoise(values, groups);
    expect(() => gseaSamplePermutation(sets, good, () => bad)).toThrow("under permutation 1;");
  });
});
