import {describe, expect, it} from "vitest";
import {mutant, outcome, specimens} from "./mutants.js";

// Many more, and the slow codecs, by: npx tsx bench/imaging/fuzz.ts
describe("the readers of images", () => {
  it("read every sound specimen", async () => {
    for (const specimen of await specimens(true)) {
      expect([specimen.kind, await outcome(specimen, specimen.bytes)]).toEqual([specimen.kind, "volume"]);
    }
  });

  it("end in a volume or in one sentence on 500 spoilt files", async () => {
    const all = await specimens(false);
    const counts = {volume: 0, empty: 0, refused: 0};
    for (let number = 0; number < 500; number++) {
      const specimen = all[number % all.length];
      const spoilt = mutant(specimen.bytes, number);
      try {
        counts[await outcome(specimen, spoilt)]++;
      } catch (error) {
        expect.fail(`mutant ${number} of ${specimen.kind}: ${String(error)}`);
      }
    }
    // Both ends are reached: the mutants are neither all harmless nor all hopeless.
    expect(counts.volume).toBeGreaterThan(50);
    expect(counts.refused).toBeGreaterThan(150);
  });
});
