import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {augment, defaultAugmentation, noAugmentation} from "../../data-loaders/training/augment.js";
import {epochBatches} from "../../data-loaders/training/batches.js";
import {learningRate} from "../../data-loaders/training/schedule.js";
import {lesionTargetNames, paintLesion, randomLesion} from "../../data-loaders/training/randomLesion.js";
import {philox} from "../../src/numeric/random.js";

describe("epochBatches", () => {
  it("deals every row, an even share of events to every batch, nobody twice in one", () => {
    fc.assert(
      fc.property(fc.integer({min: 20, max: 90}), fc.integer({min: 4, max: 20}), fc.nat(1000), (n, size, seed) => {
        const {uniform} = philox(seed);
        const event = Array.from({length: n}, (_, k) => (k < Math.ceil(n / size) || uniform() < 0.3 ? 1 : 0));
        const batches = epochBatches(event, size, seed, 1);
        const events = batches.map((batch) => batch.filter((row) => event[row]).length);
        const dealt = event.filter((happened) => happened === 1).length;
        expect(new Set(batches.flat()).size).toBe(n);
        expect(batches.every((batch) => batch.length === size && new Set(batch).size === size)).toBe(true);
        expect(Math.min(...events)).toBeGreaterThanOrEqual(Math.floor(dealt / batches.length));
      })
    );
  });

  it("has an order of its own in every epoch, the same at every run", () => {
    const event = Array.from({length: 40}, (_, k) => k % 2);
    expect(epochBatches(event, 8, 1, 1)).toEqual(epochBatches(event, 8, 1, 1));
    expect(epochBatches(event, 8, 1, 1)).not.toEqual(epochBatches(event, 8, 1, 2));
  });

  it("refuses what cannot be dealt", () => {
    expect(() => epochBatches([1, 0, 0, 0, 0, 0, 0, 0], 4, 1, 1)).toThrow(
      "1 events cannot be dealt over 2 batches of 4; choose larger batches."
    );
    expect(() => epochBatches([1, 0], 4, 1, 1)).toThrow("2 training patients do not fill a batch of 4");
  });
});

describe("augment", () => {
  const side = 32;
  const image = Float32Array.from({length: 3 * side * side}, (_, k) => Math.sin(k / 7) * 0.8);

  it("changes nothing when nothing is allowed", () => {
    const same = augment(image, side, noAugmentation, philox(1));
    same.forEach((value, k) => expect(value).toBeCloseTo(image[k], 6));
  });

  it("flips keep every value, whatever their place", () => {
    const flipped = augment(image, side, {...noAugmentation, flips: true}, philox(4));
    expect(flipped).not.toEqual(image);
    const sorted = (values: Float32Array) => [...values].map((value) => value.toFixed(5)).sort();
    expect(sorted(flipped)).toEqual(sorted(image));
  });

  it("turns a disc about its middle into itself, and keeps the range", () => {
    const disc = Float32Array.from({length: 3 * side * side}, (_, k) => {
      const [x, y] = [(k % side) - (side - 1) / 2, (Math.floor(k / side) % side) - (side - 1) / 2];
      return Math.exp(-(x * x + y * y) / 60) * 1.5 - 1;
    });
    const turned = augment(disc, side, {...noAugmentation, flips: true, rotation: 180}, philox(9));
    const worst = turned.reduce((most, value, k) => Math.max(most, Math.abs(value - disc[k])), 0);
    expect(worst).toBeLessThan(0.03);
    const strong = augment(disc, side, {...defaultAugmentation, contrast: 0.9, level: 0.9}, philox(2));
    expect(strong.every((value) => value >= -1 && value <= 1)).toBe(true);
  });
});

describe("learningRate", () => {
  it("rises to its peak, then falls to 0 along half a cosine", () => {
    const schedule = {peak: 0.1, warmUp: 10, steps: 110};
    expect(learningRate(schedule, 1)).toBeCloseTo(0.01);
    expect(learningRate(schedule, 10)).toBeCloseTo(0.1);
    expect(learningRate(schedule, 60)).toBeCloseTo(0.05);
    expect(learningRate(schedule, 110)).toBeCloseTo(0);
  });
});

describe.each(["pet", "ct"] as const)("random lesions for %s", (modality) => {
  const draws = Array.from({length: 1000}, (_, k) => randomLesion(philox(99, k), modality, 32, 72).targets);

  it.each(lesionTargetNames.map((name, j) => [name, j] as const))("target %s has mean 0 and SD 1", (_, j) => {
    const mean = draws.reduce((sum, draw) => sum + draw[j], 0) / draws.length;
    const sd = Math.sqrt(draws.reduce((sum, draw) => sum + (draw[j] - mean) ** 2, 0) / draws.length);
    // 3.6 standard errors of 512 draws, by which targets are standardised, less 1,000 here.
    expect(Math.abs(mean)).toBeLessThan(0.2);
    expect(Math.abs(sd - 1)).toBeLessThan(0.15);
  });
});

describe("a painted lesion", () => {
  const lesion = {mottle: 0.02, length: 1.5, core: 0, level: 0.8, noise: 0, radius: 12, tissue: -0.6};
  const paint = (changed: Partial<typeof lesion>) => paintLesion({...lesion, ...changed}, 32, 36, philox(5, 1));

  it("is the same for the same stream, within −1 … 1, and shows its mottle", () => {
    const plain = paint({});
    expect(paint({})).toEqual(plain);
    const mottled = paint({mottle: 0.3});
    expect([...plain.image, ...mottled.image].every((value) => value >= -1 && value <= 1)).toBe(true);
    expect(spreadInside(mottled.image)).toBeGreaterThan(3 * spreadInside(plain.image));
  });

  it("has the statistics of what it was made from, whatever the noise", () => {
    const [plain, mottled, hollow] = [paint({}), paint({mottle: 0.3}), paint({core: 0.5})].map((p) => p.statistics);
    expect(mottled.localSd).toBeGreaterThan(2 * plain.localSd);
    expect(hollow.localSd).toBeLessThan(2 * plain.localSd);
    expect(plain.median).toBeCloseTo(0.2, 1);
    expect(Math.abs(plain.core)).toBeLessThan(0.1);
    expect(hollow.core).toBeGreaterThan(plain.core + 0.25);
    expect(hollow.sd).toBeGreaterThan(2 * plain.sd);
    expect(plain.low).toBeLessThan(plain.median);
    expect(plain.median).toBeLessThan(plain.high);
    expect(paint({noise: 0.1}).statistics).toEqual(plain);
  });
});

/** SD over the middle of the middle slice. */
function spreadInside(image: Float32Array): number {
  const values: number[] = [];
  for (let y = 11; y < 21; y++) for (let x = 11; x < 21; x++) values.push(image[32 * 32 + y * 32 + x]);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
}
