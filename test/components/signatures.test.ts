import {readFileSync} from "node:fs";
import {describe, expect, it} from "vitest";
import {slicesTable} from "../../data-loaders/signatures/slicesTable.js";
import {type PatientSlice, readSlices, type SlicesFacts} from "../../src/cohort/readSlices.js";
import {packMask, packValues} from "../../src/cohort/slicePacking.js";
import type {TrainingLog} from "../../src/cohort/trainingLog.js";
import {ceilingFigure, distanceWords} from "../../src/components/signatures/ceilingFigure.js";
import {influenceMap, strongest} from "../../src/components/signatures/influenceMap.js";
import {rankedBySignature} from "../../src/components/signatures/sliceBrowser.js";
import {sliceCsv, sliceFigure} from "../../src/components/signatures/sliceFigure.js";
import {maskOutline} from "../../src/components/signatures/slicePicture.js";
import {curvePoints, trainingCurves} from "../../src/components/signatures/trainingCurves.js";
import {philox} from "../../src/numeric/random.js";
import {lungCohort} from "../cohort/lungCohort.js";

const facts: SlicesFacts = {
  modality: "pet",
  unit: "SUVbw",
  pixels: 16,
  step: 0.02,
  window: [0, 20],
  occlusion: {squares: 9, side: 1 / 4, stride: 3 / 32},
  sha256: "0"
};
const random = philox(3);
const influence = Float32Array.from({length: 81}, () => random.uniform() - 0.5);
const slice: PatientSlice = {
  patient: "P1",
  values: Float32Array.from({length: 256}, (_, at) => (at === 0 ? NaN : at * 0.02)),
  mask: Uint8Array.from({length: 256}, (_, at) => (at === 119 || at === 120 ? 1 : 0)),
  fieldMm: 80,
  sideMm: 40,
  slice: 11,
  areaMm2: 50,
  influence
};

describe("influenceMap(influence, occlusion, pixels)", () => {
  it("is at every point the mean of the squares that cover it", () => {
    const map = influenceMap(influence, facts.occlusion, 64);
    for (const at of [0, 63, 64 * 31 + 17, 64 * 64 - 1]) {
      // Squares of 16 pixels, 6 apart.
      const [x, y] = [at % 64, Math.floor(at / 64)];
      const covering = [...influence].filter((_, square) => {
        const [left, top] = [6 * (square % 9), 6 * Math.floor(square / 9)];
        return x >= left && x < left + 16 && y >= top && y < top + 16;
      });
      expect(map[at]).toBeCloseTo(covering.reduce((sum, v) => sum + v, 0) / covering.length, 6);
    }
    expect([...map].every(Number.isFinite)).toBe(true);
  });

  it("finds the strongest square and where it lies", () => {
    const one = Float32Array.from({length: 81}, (_, k) => (k === 9 * 4 + 8 ? -2 : 0.5));
    const found = strongest({...slice, influence: one}, facts.occlusion);
    expect([found.fall, found.leftMm, found.backMm]).toEqual([-2, 15, 0]);
    const words = sliceFigure({...slice, influence: one}, facts, {low: 0, high: 10}, "signature 1 SD").caption;
    expect(words).toContain(
      "Covering the square 15.0 mm to the patient's left of the middle raises the signature most, by 2 SD."
    );
    expect(words).toContain("PET slice 12 from the feet");
  });
});

describe("the picture of a slice", () => {
  it("outlines the mask on the edges of its pixels", () => {
    // Two pixels side by side: six edges, none between them.
    expect(maskOutline(slice.mask, 16).match(/M/g)).toHaveLength(6);
    expect(maskOutline(new Uint8Array(256).fill(1), 16).match(/M/g)).toHaveLength(64);
    expect(maskOutline(new Uint8Array(256), 16)).toBe("");
  });

  it("exports every pixel in millimetres, with its influence where the network sees it", () => {
    const lines = sliceCsv(slice, facts).trim().split("\r\n");
    expect(lines[0]).toBe("to_left_mm,to_back_mm,suv,tumour,influence_sd");
    expect(lines).toHaveLength(257);
    expect(lines[1]).toBe("-37.50,-37.50,,0,");
    const seen = lines.slice(1).filter((line) => !line.endsWith(","));
    expect(seen).toHaveLength(64);
    expect(lines[1 + 119].split(",")[3]).toBe("1");
  });
});

describe("the slices of a study", () => {
  const {cohort, study} = lungCohort();
  const variable = study.variables.find(({id}) => id === "age")!;
  const packed = Array.from({length: 30}, (_, k) => ({
    patient: cohort.patient(k * 3),
    values: packValues(slice.values, facts.step),
    mask: packMask(slice.mask),
    fieldMm: 80 + k,
    sideMm: 40,
    slice: k,
    areaMm2: 50,
    influence
  }));
  const slices = readSlices(slicesTable(facts, packed))!;

  it("come back from Arrow as they were written", () => {
    expect(slices.facts).toEqual(facts);
    const found = slices.of(cohort.patient(27))!;
    expect({...found, values: null, influence: null}).toEqual({...slice, patient: cohort.patient(27), fieldMm: 89, slice: 9, values: null, influence: null}); // prettier-ignore
    expect(found.influence).toEqual(influence);
    found.values.forEach((v, at) => expect(Number.isNaN(v) ? v : Math.round(v / 0.02)).toBe(at === 0 ? NaN : at));
    expect(readSlices(new Uint8Array())).toBeNull();
  });

  it("are ranked by the signature among the selected patients only", () => {
    const rows = new Uint8Array(cohort.n).fill(1);
    const ranked = rankedBySignature(cohort, rows, variable, slices);
    expect(ranked).toHaveLength(30);
    const values = ranked.map(({value}) => value);
    expect(values).toEqual([...values].sort((a, b) => a - b));
    rows[cohort.rowOf(ranked[29].patient)!] = 0;
    expect(rankedBySignature(cohort, rows, variable, slices)).toEqual(ranked.slice(0, 29));
  });
});

describe.each(["pet", "ct"])("the committed training log of %s", (modality) => {
  const log = JSON.parse(readFileSync(`models/${modality}.json`, "utf8")) as TrainingLog;

  it("becomes curves: every fold's loss and C, the score that chose the epoch", () => {
    const points = curvePoints(log);
    const of = (panel: RegExp) => points.filter((point) => panel.test(point.panel));
    const epochs = log.foldScores.length;
    expect(of(/Pretext/)).toHaveLength(log.pretextLosses.length);
    expect(of(/DeepSurvLoss/)).toHaveLength(log.folds.length * (epochs - 1));
    expect(of(/^C,/)).toHaveLength(log.folds.length * epochs);
    const scores = of(/Score/);
    expect(scores.reduce((best, point) => (point.value > best.value ? point : best)).at).toBe(log.chosenEpoch);
    expect(trainingCurves(log).csv().trim().split("\r\n")).toHaveLength(points.length + 1);
  });

  it("says how far each set is from the ceiling, on either side of it", () => {
    const {judged} = log.comparison;
    const found = (name: string) => judged.find(({set, signature}) => set === "test" && signature === name)!;
    const ceiling = found("true heterogeneity").concordance;
    const words = (trained: number) =>
      distanceWords(
        judged.map((one) => (one === found("trained network") ? {...one, concordance: trained} : one)),
        "test"
      );
    const of = `the ceiling of ${ceiling.toFixed(3)}`;
    expect(words(ceiling - 0.03)).toContain(`C ${(ceiling - 0.03).toFixed(3)}, 0.030 below ${of}.`);
    expect(words(ceiling + 0.02)).toContain(`C ${(ceiling + 0.02).toFixed(3)}, 0.020 above ${of}, by chance.`);
    expect(distanceWords(judged, "test")).toContain(`C ${found("trained network").concordance.toFixed(3)}, `);
    expect(ceilingFigure(log).csv().trim().split("\r\n")).toHaveLength(judged.length + 1);
  });
});
