import {describe, expect, it} from "vitest";
import {runEnrichmentTask} from "../../src/components/pathways/enrichmentTask.js";
import {drawnExpression, setScores} from "../../src/components/pathways/expressionData.js";
import {philox} from "../../src/numeric/random.js";

/** 400 genes in 24 samples; the first 30 genes are higher in the second half, the next 30 lower. */
function planted() {
  const {normal} = philox(21);
  const genes = Array.from({length: 400}, (_, g) => `G${g}`);
  const samples = Array.from({length: 24}, (_, s) => `S${s}`);
  const values = Float64Array.from({length: genes.length * samples.length}, (_, i) => {
    const [g, s] = [Math.floor(i / 24), i % 24];
    const effect = s < 12 ? 0 : g < 30 ? 1.2 : g < 60 ? -1.2 : 0;
    return 6 + effect + 0.7 * normal();
  });
  const sets = [
    {name: "UP", description: "", genes: genes.slice(0, 30)},
    {name: "DOWN", description: "", genes: genes.slice(30, 60)},
    {name: "NOTHING", description: "", genes: genes.slice(200, 240)},
    {name: "TINY", description: "", genes: genes.slice(0, 3)},
    {name: "ELSEWHERE", description: "", genes: ["X", "Y"]}
  ];
  const group = Int8Array.from(samples, (_, s) => (s === 0 ? -1 : Number(s >= 12)));
  return {matrix: {genes, samples, values}, kind: "log2" as const, sets, group, names: ["a", "b"] as const};
}

describe("runEnrichmentTask(task)", () => {
  it("finds what was planted, counts what was not tested, and leaves out who is in neither group", () => {
    const found = runEnrichmentTask(planted());
    expect(found.samples).toEqual([11, 12]);
    const by = new Map(found.pathways.map((p) => [p.name, p]));
    expect([...by.keys()].sort()).toEqual(["DOWN", "NOTHING", "UP"]);
    expect(by.get("UP")!.normalisedScore).toBeGreaterThan(2);
    expect(by.get("DOWN")!.normalisedScore).toBeLessThan(-2);
    expect(by.get("UP")!.q).toBeLessThan(0.01);
    expect(by.get("NOTHING")!.p).toBeGreaterThan(0.01);
    expect(found.untested).toEqual({empty: ["ELSEWHERE"], tooSmall: ["TINY"], tooLarge: []});
    expect(by.get("UP")!.leadingEdge.every((gene) => Number(gene.slice(1)) < 30)).toBe(true);
  });

  it("gives the same numbers again, and the mirror image for swapped groups", () => {
    const task = planted();
    const found = runEnrichmentTask(task);
    expect(runEnrichmentTask(task)).toEqual(found);
    const swapped = runEnrichmentTask({...task, group: task.group.map((g) => (g < 0 ? g : 1 - g))});
    const sorted = (t: typeof found) => [...t.pathways].sort((a, b) => a.name.localeCompare(b.name));
    sorted(swapped).forEach((p, i) => expect(p.enrichmentScore).toBeCloseTo(-sorted(found)[i].enrichmentScore, 10));
  });
});

describe("the values drawn", () => {
  it("are log₂ counts per million of counts", () => {
    const matrix = {genes: ["A", "B"], samples: ["S", "T"], values: Float64Array.of(3, 0, 7, 10)};
    const [a, b] = drawnExpression({matrix, kind: "counts", rows: [0, 1]}, "A");
    expect(a).toBeCloseTo(Math.log2((3.5 / 11) * 1e6), 12);
    expect(b).toBeCloseTo(Math.log2((0.5 / 11) * 1e6), 12);
  });

  it("score a set by its genes' z-scores, which have mean 0 over the patients", () => {
    const {matrix, kind, sets} = planted();
    const scores = setScores({matrix, kind, rows: [...matrix.samples.keys()]}, sets[0].genes);
    expect(scores.reduce((x, y) => x + y, 0)).toBeCloseTo(0, 9);
    const half = (from: number) => scores.slice(from, from + 12).reduce((x, y) => x + y, 0) / 12;
    expect(half(12)).toBeGreaterThan(half(0) + 3);
  });
});
