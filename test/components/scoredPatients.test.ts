import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {scoredPatients, scoreQuantiles, scoresBetween} from "../../src/components/treatment/scoredPatients.js";
import {ascendingValues, sampleQuantile} from "../../src/numeric/sampleQuantile.js";

const patient = fc.record({
  score: fc.oneof(fc.integer({min: 0, max: 20}), fc.constant(NaN)),
  kept: fc.integer({min: 0, max: 1}),
  code: fc.constantFrom(0, 1, NaN)
});
const cohorts = fc.array(patient, {minLength: 1, maxLength: 60}).map((patients) => ({
  score: Float64Array.from(patients, ({score}) => score),
  rows: Uint8Array.from(patients, ({kept}) => kept),
  code: Float64Array.from(patients, ({code}) => code)
}));

describe("patients with scores", () => {
  it("are those selected who are of a group and have one, lowest first, thinned from the first", () => {
    fc.assert(
      fc.property(cohorts, fc.integer({min: 1, max: 9}), ({score, rows, code}, most) => {
        const found = scoresBetween(scoredPatients(score, rows, code), 3, 15, most);
        found.forEach((group, g) => {
          const all = [...score.keys()]
            .filter((i) => rows[i] === 1 && code[i] === g && score[i] >= 3 && score[i] <= 15)
            .sort((a, b) => score[a] - score[b]);
          const step = Math.max(1, Math.ceil(all.length / most));
          expect([...group.row]).toEqual(all.filter((_, k) => k % step === 0));
          expect(group.score).toEqual(Float64Array.from(group.row, (i) => score[i]));
          expect(group.row.length).toBeLessThanOrEqual(most);
        });
      })
    );
  });

  it("have the quantiles of both groups together", () => {
    fc.assert(
      fc.property(cohorts, ({score, rows, code}) => {
        const own = ascendingValues(score.filter((_, i) => rows[i] === 1 && code[i] >= 0));
        fc.pre(own.length > 0);
        const shares = [0.1, 0.5, 0.9];
        expect(scoreQuantiles(scoredPatients(score, rows, code), shares)).toEqual(
          shares.map((share) => sampleQuantile(own, share))
        );
      })
    );
  });
});
