import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {chebyshevNodes, nodeWeights, seriesOf, TERMS} from "../../src/numeric/chebyshev.js";

/** Σ aₘ cos(m arccos u) */
const valueAt = (series: Float64Array, u: number) =>
  series.reduce((sum, a, m) => sum + a * Math.cos(m * Math.acos(u)), 0);

describe("seriesOf(values)", () => {
  it("is the polynomial itself where the values are one's, of up to 15 powers", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({min: -2, max: 2, noNaN: true}), {minLength: 1, maxLength: TERMS}),
        fc.double({min: -1, max: 1, noNaN: true}),
        (powers, u) => {
          const polynomial = (x: number) => powers.reduceRight((sum, a) => sum * x + a, 0);
          const series = new Float64Array(TERMS);
          seriesOf(chebyshevNodes.map(polynomial), 0, 1, series, 0);
          expect(valueAt(series, u)).toBeCloseTo(polynomial(u), 12);
        }
      )
    );
  });

  it("is all but an exponential function", () => {
    const series = new Float64Array(TERMS);
    seriesOf(chebyshevNodes.map(Math.exp), 0, 1, series, 0);
    for (const u of [-1, -0.7, 0.1, 0.55, 1]) expect(Math.abs(valueAt(series, u) - Math.exp(u))).toBeLessThan(2e-15);
  });
});

describe("nodeWeights(terms)", () => {
  it("weighs values as their series is weighed", () => {
    const terms = Float64Array.from({length: TERMS}, (_, m) => Math.sin(m + 1));
    const [weights, series] = [new Float64Array(TERMS), new Float64Array(TERMS)];
    nodeWeights(terms, 0, weights);
    const values = chebyshevNodes.map((u) => 1 / (u + 2));
    seriesOf(values, 0, 1, series, 0);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, v, k) => sum + v * b[k], 0);
    expect(dot(weights, values)).toBeCloseTo(dot(terms, series), 13);
  });
});
