import {describe, expect, it} from "vitest";
import {groupDesign} from "../../src/enrichment/design.js";
import {linearModel} from "../../src/enrichment/linearModel.js";
import {moderatedT} from "../../src/enrichment/moderatedT.js";
import {gaussLegendre} from "../../src/numeric/gaussLegendre.js";
import {expectClose, readFixture} from "../survival/referenceData.js";

interface Table {
  lower: number[];
  t: number[];
  p: number[];
  q: number[];
  b: number[];
  dfPrior: (number | "Inf") | (number | "Inf")[];
  dfTotal: number[];
}

describe("robust empirical Bayes", () => {
  const {cases} = readFixture<{
    cases: {name: string; values: number[][]; group: number[]; plain: Table; trend: Table}[];
  }>("robustModeratedT");
  const each = cases.flatMap((c) => (["plain", "trend"] as const).map((prior) => ({...c, prior})));

  it.each(each)("is limma's: $name, $prior", ({values, group, prior, ...tables}) => {
    const matrix = {
      genes: values.map((_, g) => `gene ${g}`),
      samples: group.map((_, s) => `sample ${s}`),
      values: Float64Array.from(values.flat())
    };
    const fit = linearModel(matrix, groupDesign(group, ["no", "yes"]));
    const found = moderatedT(fit, 1, {trend: prior === "trend", robust: true});
    const expected = tables[prior];
    const df = [expected.dfPrior].flat().map((v) => (v === "Inf" ? Infinity : v));
    found.dfPrior.forEach((v, g) => {
      const truth = df.length === 1 ? df[0] : df[g];
      if (truth === Infinity) expect(v).toBe(Infinity);
      else expectClose([v], [truth], 1e-7);
    });
    for (const name of ["dfTotal", "t", "lower", "p", "q", "b"] as const)
      expectClose(found[name], expected[name], 1e-7);
  });
});

describe("gaussLegendre(n)", () => {
  it.each([2, 7, 128])("integrates every polynomial of degree 2n − 1: n = %i", (n) => {
    const {nodes, weights} = gaussLegendre(n);
    for (const degree of [0, 1, 2, 5, 2 * n - 2, 2 * n - 1].filter((d) => d < 2 * n)) {
      const sum = weights.reduce((total, weight, k) => total + weight * nodes[k] ** degree, 0);
      expect(Math.abs(sum - (degree % 2 === 0 ? 2 / (degree + 1) : 0))).toBeLessThan(1e-13);
    }
  });
});
