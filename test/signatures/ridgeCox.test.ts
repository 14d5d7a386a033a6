import {describe, expect, it} from "vitest";
import {concordance} from "../../src/survival/concordance.js";
import {fitCoxHead, rawRisk} from "../../data-loaders/signatures/coxHead.js";
import {penaltyScores} from "../../data-loaders/signatures/crossValidatedPenalty.js";
import {partialLikelihood, riskSets} from "../../data-loaders/signatures/partialLikelihood.js";
import {ridgeCox} from "../../data-loaders/signatures/ridgeCox.js";
import {rowSpace} from "../../data-loaders/signatures/rowSpace.js";
import {philox} from "../../src/numeric/random.js";
import {numbers, readDataset, readFixture} from "../survival/referenceData.js";

interface RidgeCase {
  readonly data: string;
  readonly variables: readonly string[];
  readonly penalty: number;
  readonly coef: readonly number[];
  readonly logLikelihood: number;
}

const {cases} = readFixture<{cases: RidgeCase[]}>("ridgeCox");

/** Columns as R's scale() gives them, row by row. */
function scaled(data: string, variables: readonly string[]): Float64Array {
  const columns = variables.map((variable) => {
    const values = numbers(readDataset(data), variable);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1));
    return values.map((value) => (value - mean) / sd);
  });
  return Float64Array.from(
    {length: columns[0].length * columns.length},
    (_, k) => columns[k % columns.length][Math.floor(k / columns.length)]
  );
}

function sets(data: string) {
  const columns = readDataset(data);
  if (data === "veteran") return riskSets(numbers(columns, "time"), Uint8Array.from(numbers(columns, "status")));
  const entry = numbers(columns, "start");
  return riskSets(numbers(columns, "stop"), Uint8Array.from(numbers(columns, "event")), entry);
}

/** A wide problem: n rows, p features, ties in time. */
function wide(n: number, p: number, seed: number) {
  const random = philox(seed);
  const z = Float64Array.from({length: n * p}, () => random.normal());
  const time = Float64Array.from({length: n}, (_, i) =>
    Math.ceil(-5 * Math.log(random.uniform()) * Math.exp(-z[i * p]))
  );
  const event = Uint8Array.from({length: n}, () => (random.uniform() < 0.7 ? 1 : 0));
  return {z, time, event};
}

describe("ridgeCox", () => {
  it.each(cases)("agrees with R coxph(ridge(…), ties = breslow): $data, penalty $penalty", (given) => {
    const design = {values: scaled(given.data, given.variables), width: given.variables.length};
    const fit = ridgeCox(sets(given.data), design, given.penalty);
    given.coef.forEach((coef, k) => expect(fit.coefficients[k]).toBeCloseTo(coef, 8));
    expect(fit.logLikelihood).toBeCloseTo(given.logLikelihood, 7);
  });

  it("leaves no gradient at the maximum, checked by finite differences", () => {
    const {z, time, event} = wide(40, 6, 1);
    const risk = riskSets(time, event);
    const penalty = 2;
    const {coefficients} = ridgeCox(risk, {values: z, width: 6}, penalty);
    const objective = (beta: Float64Array) => {
      const predictor = Float64Array.from({length: 40}, (_, i) =>
        beta.reduce((sum, b, k) => sum + b * z[i * 6 + k], 0)
      );
      return partialLikelihood(risk, predictor).value - (penalty / 2) * beta.reduce((sum, b) => sum + b * b, 0);
    };
    for (let k = 0; k < 6; k++) {
      const moved = (by: number) => objective(coefficients.map((value, j) => value + (j === k ? by : 0)));
      expect(Math.abs(moved(1e-4) - moved(-1e-4)) / 2e-4).toBeLessThan(1e-6);
    }
  });

  it("equals a dense Newton on the wide features when solved in their row space", () => {
    const [n, p, penalty] = [12, 30, 3];
    const {z, time, event} = wide(n, p, 2);
    const dense = denseNewton(z, time, event, p, penalty);
    const space = rowSpace(z, n);
    expect(space.rank).toBe(n);
    const fit = ridgeCox(riskSets(time, event), {values: space.factor, width: space.rank}, penalty);
    space.columns(fit.coefficients).forEach((value, k) => expect(value).toBeCloseTo(dense[k], 7));
  });

  it("finds the rank of repeated rows", () => {
    const {z} = wide(5, 20, 3);
    const doubled = Float64Array.from([...z, ...z]);
    expect(rowSpace(doubled, 10).rank).toBe(5);
  });
});

describe("penaltyScores", () => {
  it("punishes both no penalty and too much where there is signal, and only freedom where there is none", () => {
    const {z, time, event} = wide(80, 20, 4);
    const followUp = {time, event, entry: null};
    const penalties = [1e6, 100, 1e-3];
    const best = (rows: Float64Array) => {
      const scores = penaltyScores(followUp, {values: rows, width: 20}, penalties, 1).map(({score}) => score);
      return scores.indexOf(Math.max(...scores));
    };
    expect(best(z)).toBe(1);
    expect(best(wide(80, 20, 99).z)).toBe(0);
  });
});

describe("fitCoxHead", () => {
  it("gives the same head twice, centred on the rows it was fitted on", () => {
    const n = 60;
    const random = philox(5);
    const embedding = Float32Array.from({length: n * 1280}, () => 0.4 + 0.2 * random.normal());
    for (let i = 0; i < n; i++) embedding[i * 1280 + 7] = 0.25; // a feature that never varies
    const time = Float64Array.from(
      {length: n},
      (_, i) => Math.exp(-4 * embedding[i * 1280]) - Math.log(random.uniform())
    );
    const followUp = {time, event: new Uint8Array(n).fill(1), entry: null};
    const head = fitCoxHead(embedding, followUp, 1);
    expect(fitCoxHead(embedding, followUp, 1)).toEqual(head);
    const mean = (values: Float64Array) => values.reduce((sum, value) => sum + value, 0) / n;
    expect(Math.abs(mean(rawRisk(embedding, head)))).toBeLessThan(1e-4 * head.sd);
    expect(mean(head.outOfFold)).toBeCloseTo(head.mean, 12);
    const c = (score: Float64Array) => concordance({time, event: followUp.event, score}).concordance;
    // The first feature carries a signal, and 1,279 do not: seen follow-up flatters, unseen does not.
    expect(c(rawRisk(embedding, head))).toBeGreaterThan(c(head.outOfFold));
    expect(head.weights[7]).toBe(0);
    expect(head.events).toBe(n);
  });
});

/** Newton's method with the full Hessian over explicit risk sets: O(n²p²), and nothing shared with what is tested. */
function denseNewton(z: Float64Array, time: Float64Array, event: Uint8Array, p: number, penalty: number): number[] {
  let beta = new Array<number>(p).fill(0);
  for (let iteration = 0; iteration < 30; iteration++) {
    const gradient = beta.map((b) => -penalty * b);
    const hessian = beta.map((_, a) => beta.map((__, b) => (a === b ? penalty : 0)));
    for (let i = 0; i < time.length; i++) {
      if (!event[i]) continue;
      const atRisk = [...time.keys()].filter((j) => time[j] >= time[i]);
      const weights = atRisk.map((j) => Math.exp(beta.reduce((sum, b, k) => sum + b * z[j * p + k], 0)));
      const total = weights.reduce((sum, w) => sum + w, 0);
      const mean = beta.map((_, k) => atRisk.reduce((sum, j, r) => sum + (weights[r] / total) * z[j * p + k], 0));
      for (let a = 0; a < p; a++) {
        gradient[a] += z[i * p + a] - mean[a];
        for (let b = 0; b < p; b++) {
          const second = atRisk.reduce((sum, j, r) => sum + (weights[r] / total) * z[j * p + a] * z[j * p + b], 0);
          hessian[a][b] += second - mean[a] * mean[b];
        }
      }
    }
    const step = gaussJordan(hessian, gradient);
    beta = beta.map((b, k) => b + step[k]);
  }
  return beta;
}

function gaussJordan(matrix: number[][], target: number[]): number[] {
  const rows = matrix.map((row, k) => [...row, target[k]]);
  rows.forEach((pivotRow, k) => {
    const pivot = pivotRow[k];
    for (let j = 0; j < pivotRow.length; j++) pivotRow[j] /= pivot;
    rows.forEach((row, i) => {
      const factor = row[k];
      if (i !== k) for (let j = 0; j < row.length; j++) row[j] -= factor * pivotRow[j];
    });
  });
  return rows.map((row) => row[target.length]);
}
