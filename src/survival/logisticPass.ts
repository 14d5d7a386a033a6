import {dot} from "../numeric/dot.js";
import {solveNormalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import type {LeastSquares} from "../numeric/leastSquares.js";
import {LARGE} from "./cellSums.js";

/** A column of the model's matrix: a value a row, or one a cell. */
export interface ModelColumn {
  readonly name: string;
  readonly byCell: boolean;
  readonly values: Float64Array;
}

/** Rows of a logistic model, those alike in every factor in one cell. */
export interface LogisticRows {
  readonly cell: Uint32Array;
  readonly cells: number;
  readonly columns: readonly ModelColumn[];
  /** By row: 0 or 1. */
  readonly happened: Uint8Array;
}

/** The likelihood at some coefficients: what the next step is made of. */
export interface LogisticPass {
  deviance: number;
  /** Where R begins: at fitted probabilities of (y + ½) / 2. */
  begin(): void;
  /** Moves to other coefficients; NaN counts as 0. */
  to(coef: Float64Array): void;
  /** Least squares of the working residuals: the step, NaN where a column depends on earlier ones. */
  step(): LeastSquares;
}

/** Rows gone through together: what is computed of them stays near the processor. */
const TOGETHER = 2048;

/** Fills, for the rows [from, to), weights p(1 − p) and what is beyond expectation, y − p. @returns −log of a factor of the likelihood */
type Look = (from: number, to: number, weight: Float64Array, beyond: Float64Array) => number;

export function logisticPass({cell, cells, columns, happened}: LogisticRows): LogisticPass {
  const n = happened.length;
  const p = columns.length;
  const levels = columns.flatMap(({byCell}, j) => (byCell ? [j] : []));
  const numbers = columns.flatMap(({byCell}, j) => (byCell ? [] : [j]));
  const [products, along] = [new Float64Array(p * p), new Float64Array(p)];
  const [eta, weight, beyond, weighted] = [0, 0, 0, 0].map(() => new Float64Array(TOGETHER));
  let look: Look = () => NaN;
  const set = (j: number, l: number, value: number) => (products[j * p + l] = products[l * p + j] = value);
  const gather = () => {
    const [total, rest] = [new Float64Array(cells), new Float64Array(cells)];
    const sums = numbers.map(() => new Float64Array(cells));
    // By number: Σ of what is beyond times it, and of weights times it and each number before and itself.
    const own = numbers.map(() => new Float64Array(2));
    const crossed = numbers.map((_, a) => new Float64Array(a));
    let half = 0;
    for (let from = 0; from < n; from += TOGETHER) {
      const to = Math.min(n, from + TOGETHER);
      half += look(from, to, weight, beyond);
      addByCell(total, weight, rest, beyond, cell, from, to);
      for (let a = 0; a < numbers.length; a++) {
        addNumber(own[a], sums[a], weighted, columns[numbers[a]].values, weight, beyond, cell, from, to);
        for (let b = 0; b < a; b++) crossed[a][b] += dotOf(weighted, columns[numbers[b]].values, from, to);
      }
    }
    levels.forEach((j, a) => {
      const {values} = columns[j];
      along[j] = dot(values, rest);
      const within = values.map((x, c) => x * total[c]);
      for (const l of levels.slice(0, a + 1)) set(j, l, dot(columns[l].values, within));
      numbers.forEach((l, b) => set(j, l, dot(values, sums[b])));
    });
    numbers.forEach((j, a) => {
      along[j] = own[a][0];
      set(j, j, own[a][1]);
      for (let b = 0; b < a; b++) set(j, numbers[b], crossed[a][b]);
    });
    return half;
  };
  const pass: LogisticPass = {
    deviance: Infinity,
    begin() {
      look = (from, to, w, b) => beginAt(happened, from, to, w, b);
      gather();
    },
    to(coef) {
      const fillLogOdds = logOddsAt({cell, cells, columns}, coef);
      look = (from, to, w, b) => {
        fillLogOdds(eta, from, to);
        return lookAt(eta, happened, from, to, w, b);
      };
      pass.deviance = 2 * gather();
    },
    step() {
      const found = solveNormalEquations(products, along);
      if (found) return found;
      // Columns too close for their squares: an orthogonal factorisation of the columns themselves.
      const [all, residual] = [new Float64Array(n), new Float64Array(n)];
      for (let from = 0; from < n; from += TOGETHER) {
        const to = Math.min(n, from + TOGETHER);
        look(from, to, weight, beyond);
        for (let k = from; k < to; k++) {
          all[k] = weight[k - from];
          residual[k] = all[k] > 0 ? beyond[k - from] / all[k] : 0;
        }
      }
      const byRow = columns.map(({byCell, values}) => (byCell ? Float64Array.from(cell, (c) => values[c]) : values));
      return weightedLeastSquares(byRow, all, residual);
    }
  };
  return pass;
}

/** By row: probability of 1 at some coefficients. */
export function fittedAt(rows: Omit<LogisticRows, "happened">, coef: Float64Array): Float64Array {
  const fitted = new Float64Array(rows.cell.length);
  const eta = new Float64Array(TOGETHER);
  const fillLogOdds = logOddsAt(rows, coef);
  for (let from = 0; from < fitted.length; from += TOGETHER) {
    const to = Math.min(fitted.length, from + TOGETHER);
    fillLogOdds(eta, from, to);
    addProbabilities(fitted, eta, from, to);
  }
  return fitted;
}

/** Some rows of a model, one of each `step` rows or so, at no even distance: a cohort may repeat itself. */
export function thinned({cell, cells, columns, happened}: LogisticRows, step: number): LogisticRows {
  const golden = (Math.sqrt(5) - 1) / 2;
  const kept = new Uint32Array(Math.floor(happened.length / step));
  for (let k = 0; k < kept.length; k++) kept[k] = Math.floor(step * (k + ((k * golden) % 1)));
  return {
    cell: valuesAt(kept, cell, new Uint32Array(kept.length)),
    cells,
    columns: columns.map((column) =>
      column.byCell ? column : {...column, values: valuesAt(kept, column.values, new Float64Array(kept.length))}
    ),
    happened: valuesAt(kept, happened, new Uint8Array(kept.length))
  };
}

function valuesAt<T extends Uint8Array | Uint32Array | Float64Array>(kept: Uint32Array, values: T, into: T): T {
  for (let k = 0; k < kept.length; k++) into[k] = values[kept[k]];
  return into;
}

/** Fills log odds at some coefficients, NaN counting as 0, of the rows [from, to). */
function logOddsAt({cell, cells, columns}: Omit<LogisticRows, "happened">, coef: Float64Array) {
  const base = new Float64Array(cells);
  const known = columns.map((column, j) => ({...column, b: coef[j]})).filter(({b}) => b === b);
  for (const {byCell, values, b} of known) if (byCell) for (let c = 0; c < cells; c++) base[c] += b * values[c];
  const numbers = known.filter(({byCell}) => !byCell);
  return (eta: Float64Array, from: number, to: number) => {
    logOdds(eta, base, cell, from, to);
    for (const {values, b} of numbers) addTimes(eta, b, values, from, to);
  };
}

// Loops over the rows stand in functions of their own: in closures they run several times slower.
function logOdds(eta: Float64Array, base: Float64Array, cell: Uint32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) eta[k - from] = base[cell[k]];
}

function addTimes(eta: Float64Array, b: number, column: Float64Array, from: number, to: number): void {
  for (let k = from; k < to; k++) eta[k - from] += b * column[k];
}

function dotOf(values: Float64Array, x: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let k = from; k < to; k++) sum += values[k - from] * x[k];
  return sum;
}

function addByCell(
  total: Float64Array,
  weight: Float64Array,
  rest: Float64Array,
  beyond: Float64Array,
  cell: Uint32Array,
  from: number,
  to: number
): void {
  for (let k = from; k < to; k++) {
    const c = cell[k];
    total[c] += weight[k - from];
    rest[c] += beyond[k - from];
  }
}

/** Fills weights times a number, and adds the sums of it. */
function addNumber(
  own: Float64Array,
  sums: Float64Array,
  weighted: Float64Array,
  x: Float64Array,
  weight: Float64Array,
  beyond: Float64Array,
  cell: Uint32Array,
  from: number,
  to: number
): void {
  let along = 0;
  let square = 0;
  for (let k = from; k < to; k++) {
    const value = x[k];
    const w = weight[k - from] * value;
    weighted[k - from] = w;
    sums[cell[k]] += w;
    along += beyond[k - from] * value;
    square += w * value;
  }
  own[0] += along;
  own[1] += square;
}

/** Weights and residuals at fitted probabilities of ¼ and ¾, whose log odds ± log 3 belong to what the first step reaches from 0. */
function beginAt(happened: Uint8Array, from: number, to: number, weight: Float64Array, beyond: Float64Array): number {
  const first = 1 / 4 + (3 / 16) * Math.log(3);
  for (let k = from; k < to; k++) {
    weight[k - from] = 3 / 16;
    beyond[k - from] = happened[k] === 1 ? first : -first;
  }
  return 0;
}

/** @returns half the deviance of these rows */
function lookAt(
  eta: Float64Array,
  happened: Uint8Array,
  from: number,
  to: number,
  weight: Float64Array,
  beyond: Float64Array
): number {
  let half = 0;
  let factor = 1;
  for (let k = from; k < to; k++) {
    const e = eta[k - from];
    const small = Math.exp(-Math.abs(e));
    const unlikely = small / (1 + small);
    const y = happened[k];
    weight[k - from] = unlikely / (1 + small);
    const expected = y === 1 ? e > 0 : e <= 0;
    const off = expected ? unlikely : 1 / (1 + small);
    beyond[k - from] = y === 1 ? off : -off;
    // −log of what was given to the outcome: one logarithm serves many factors 1 + small.
    if (!expected) half += Math.abs(e);
    factor *= 1 + small;
    if (factor > LARGE) {
      half += Math.log(factor);
      factor = 1;
    }
  }
  return half + Math.log(factor);
}

function addProbabilities(fitted: Float64Array, eta: Float64Array, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const e = eta[k - from];
    const small = Math.exp(-Math.abs(e));
    fitted[k] = (e >= 0 ? 1 : small) / (1 + small);
  }
}
