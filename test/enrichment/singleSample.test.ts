import {describe, expect, it} from "vitest";
import type {ExpressionMatrix} from "../../src/enrichment/expressionMatrix.js";
import {geneSetRows, gsva, ssgsea, zScores} from "../../src/enrichment/index.js";
import {readFixture} from "../survival/referenceData.js";

interface Reference {
  genes: string[];
  samples: string[];
  expression: number[][];
  counts: number[][];
  sets: Record<string, string[]>;
  cases: {
    data: "expression" | "counts";
    options: {method: string; kcdf?: "Gaussian" | "Poisson"; difference?: boolean; tau?: number; normalise?: boolean};
    scores: number[][];
  }[];
}
const reference = readFixture<Reference>("singleSample");
const {genes, samples} = reference;
const matrixOf = (rows: number[][]): ExpressionMatrix => ({genes, samples, values: Float64Array.from(rows.flat())});
const {sets} = geneSetRows(
  Object.entries(reference.sets).map(([name, named]) => ({name, genes: named})),
  genes
);

describe("scores of gene sets per sample equal GSVA's", () => {
  for (const {data, options, scores} of reference.cases)
    it(`${data}: ${JSON.stringify(options)}`, () => {
      const matrix = matrixOf(reference[data]);
      const {kcdf: kernel, difference, tau, normalise} = options;
      const result =
        options.method === "ssgsea"
          ? ssgsea(matrix, sets, {alpha: tau, normalise})
          : options.method === "gsva"
            ? gsva(matrix, sets, {kernel, difference, tau})
            : zScores(matrix, sets);
      scores
        .flat()
        .forEach((truth, i) => expect(Math.abs(result.scores[i] - truth)).toBeLessThan(1e-8 * (1 + Math.abs(truth))));
      expect(result.scores.length).toBe(scores.flat().length);
      const constant = {expression: [6], counts: [8]}[data];
      expect(Array.from(result.constantGenes)).toEqual(options.method === "ssgsea" ? [] : constant);
    });
});

describe("what cannot be scored", () => {
  const matrix = matrixOf(reference.expression);

  it("is named", () => {
    const found = geneSetRows(
      [
        {name: "none", genes: ["x"]},
        {name: "one", genes: ["g1", "g1", "x"]}
      ],
      genes
    );
    expect(found).toEqual({sets: [{name: "one", rows: Int32Array.of(0)}], empty: ["none"]});
    expect(() => geneSetRows([], ["a", "b", "a"])).toThrow("a is in rows 1 and 3");
    const missing = {...matrix, values: matrix.values.slice().fill(NaN, 25, 26)};
    for (const score of [ssgsea, gsva, zScores]) expect(() => score(missing, sets)).toThrow("g3 in sample s2 is NaN");
    const constant = [{name: "still", rows: Int32Array.of(6)}];
    for (const score of [gsva, zScores])
      expect(() => score(matrix, constant)).toThrow("gene set still holds 0 of the 119");
    expect(ssgsea(matrix, constant).scores.length).toBe(samples.length);
    const negative = {...matrix, values: matrix.values.map((v) => v - 5)};
    expect(() => gsva(negative, sets, {kernel: "Poisson"})).toThrow("takes counts");
    const single = {genes, samples: ["s1"], values: matrix.values.slice(0, genes.length)};
    expect(() => gsva(single, sets)).toThrow("1 sample; scores relative to others need two or more");
  });

  it("a sample's plain ssGSEA depends on no other sample; and scores do not hang on the order of sets", () => {
    const plain = ssgsea(matrix, sets, {normalise: false}).scores;
    const first = {genes, samples: ["s1"], values: Float64Array.from(reference.expression, (row) => row[0])};
    const alone = ssgsea(first, sets, {normalise: false}).scores;
    sets.forEach((_, set) => expect(alone[set]).toBe(plain[set * samples.length]));
    const turned = gsva(matrix, [...sets].reverse()).scores;
    const straight = gsva(matrix, sets).scores;
    expect(turned.slice(-samples.length)).toEqual(straight.slice(0, samples.length));
  });
});
