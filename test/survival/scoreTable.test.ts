import {describe, expect, it} from "vitest";
import {chebyshevNodes, seriesOf, TERMS} from "../../src/numeric/chebyshev.js";
import {philox} from "../../src/numeric/random.js";
import {scoreBins} from "../../src/survival/scoreBins.js";
import {coarserTable, NO_ARM, scoreTable, widthOf} from "../../src/survival/scoreTable.js";
import {surv} from "../../src/survival/surv.js";
import {treatmentEffectCurve} from "../../src/survival/treatmentEffectCurve.js";
import {expectClose} from "./referenceData.js";

const n = 3000;
const {uniform, normal} = philox(11);
const score = Float64Array.from({length: n}, normal);
const followUp = surv({
  time: Float64Array.from({length: n}, () => 1 + Math.floor(40 * uniform())),
  event: Uint8Array.from({length: n}, () => Number(uniform() < 0.4))
});
const arm = Uint8Array.from({length: n}, () => Math.floor(3 * uniform()));
const knots = Float64Array.of(-1.6, -0.4, 0.4, 1.6);
const binned = scoreBins(Math.min(...score), Math.max(...score), knots);
const table = scoreTable({surv: followUp, arm, score}, binned, 1000);

/** Σ over some numbers of the table times the series of a function in each bin. */
function sumOf(f: (score: number) => number, from: number, bins: readonly number[]): number {
  let sum = 0;
  const series = new Float64Array(TERMS);
  for (const b of bins) {
    seriesOf(binned.nodes.slice(b * TERMS, (b + 1) * TERMS).map(f), 0, 1, series, 0);
    for (let m = 0; m < TERMS; m++) sum += series[m] * table.sums[from + b * TERMS + m];
  }
  return sum;
}

describe("scoreTable(patients, bins)", () => {
  const every = Array.from({length: binned.bins}, (_, b) => b);

  it("has the sums over the patients of any smooth function of their score, by time, event and arm", () => {
    const width = widthOf(table);
    const f = (x: number) => Math.exp(1.3 * x - 0.2 * x * x);
    for (const [t, event, a] of [
      [0, 0, 0],
      [7, 1, 1],
      [39, 0, 1]
    ]) {
      let truth = 0;
      for (let i = 0; i < n; i++)
        if (followUp.time[i] === followUp.distinctTime[t] && followUp.event[i] === event && arm[i] === a)
          truth += f(score[i]);
      expectClose([sumOf(f, (2 * t + event) * width + a * binned.bins * TERMS, every)], truth, 1e-12);
    }
  });

  it("counts patients and events, those in no arm apart", () => {
    const inArms = (event: number) =>
      followUp.event.reduce((sum, e, i) => sum + Number(arm[i] !== NO_ARM && e >= event), 0);
    expect(table.left.reduce((a, b) => a + b)).toBe(inArms(0));
    expect(table.deaths.reduce((a, b) => a + b)).toBe(inArms(1));
  });

  it("loses no event when times are taken together", () => {
    const coarse = coarserTable(table, 8);
    expect(coarse.times).toBeLessThan(table.times);
    expectClose([...coarse.died], [...table.died], 1e-12);
  });

  it("puts a score on a bin's edge and the largest of all into a bin", () => {
    const {edge, first, least, perUnit, bins, centre, perHalf} = binned;
    for (const x of [...edge.slice(0, -1), Math.max(...score)]) {
      let b = first[Math.floor((x - least) * perUnit)];
      while (x >= edge[b + 1]) b++;
      expect(b).toBeLessThan(bins);
      expect(Math.abs((x - centre[b]) * perHalf[b])).toBeLessThan(1 + 1e-12);
    }
    expect(binned.nodes.every((x) => x > least)).toBe(true);
    expect(chebyshevNodes.every((u) => Math.abs(u) < 1)).toBe(true);
  });
});

describe("treatmentEffectCurve by a table", () => {
  it("goes by the patients where the hazard changes too much within a bin", () => {
    const many = 12_000;
    const random = philox(5);
    const treatment = Float64Array.from({length: many}, () => Number(random.uniform() < 0.5));
    // The hazard is e^60 times as high at the one end as at the other.
    const steep = Float64Array.from({length: many}, () => random.uniform() ** 4);
    const time = steep.map((x, i) => 1 + Math.floor(300 * Math.exp(-(40 + 20 * treatment[i]) * x) * random.uniform()));
    const event = new Uint8Array(many).fill(1);
    const input = {time, event, treatment, score: steep};
    const curve = treatmentEffectCurve(input);
    const byRow = treatmentEffectCurve({...input, weight: new Float64Array(many).fill(1)});
    expectClose([...curve.hazardRatio], [...byRow.hazardRatio], 1e-7);
    expectClose([curve.interaction.statistic], byRow.interaction.statistic, 1e-7);
  });
});
