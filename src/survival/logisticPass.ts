import {dot} from "../numeric/dot.js";
import {solveNormalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import type {LeastSquares} from "../numeric/leastSquares.js";
import {LARGE} from "./cellSums.js";

/** A column of the model's matrix: a value a row as given, or one a cell. */
export interface ModelColumn {
  readonly name: string;
  readonly byCell: boolean;
  readonly values: Float64Array;
}

/** Rows of a logistic model, those alike in every factor in one cell. */
export interface LogisticRows {
  /** As given, ascending. */
  readonly row: Uint32Array;
  /** Aligned with `row`. */
  readonly cell: Uint32Array;
  readonly cells: number;
  readonly columns: readonly ModelColumn[];
  /** Aligned with `row`: 0 or 1. */
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

/** The model's numbers of the rows gone through together. */
type Here = readonly Float64Array[];

/** Fills, for the rows [from, to), weights p(1 − p) and what is beyond expectation, y − p. @returns −log of a factor of the likelihood */
type Look = (here: Here, from: number, to: number, weight: Float64Array, beyond: Float64Array) => number;

export function logisticPass(rows: LogisticRows): LogisticPass {
  const {row, cell, cells, columns, happened} = rows;
  const n = happened.length;
  const p = columns.length;
  const levels = columns.flatMap(({byCell}, j) => (byCell ? [j] : []));
  const numbers = columns.flatMap(({byCell}, j) => (byCell ? [] : [j]));
  const [products, along] = [new Float64Array(p * p), new Float64Array(p)];
  const [eta, weight, beyond, weighted] = [0, 0, 0, 0].map(() => new Float64Array(TOGETHER));
  const here = emptyNumbers(columns);
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
      fillNumbers(here, columns, row, from, to);
      half += look(here, from, to, weight, beyond);
      addByCell(total, weight, rest, beyond, cell, from, to);
      for (let a = 0; a < numbers.length; a++) {
        addNumber(own[a], sums[a], weighted, here[a], weight, beyond, cell, from, to);
        for (let b = 0; b < a; b++) crossed[a][b] += dotOf(weighted, here[b], to - from);
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
      look = (_, from, to, w, b) => beginAt(happened, from, to, w, b);
      gather();
    },
    to(coef) {
      const fillLogOdds = logOddsAt(rows, coef);
      look = (numbers, from, to, w, b) => {
        fillLogOdds(eta, numbers, from, to);
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
        fillNumbers(here, columns, row, from, to);
        look(here, from, to, weight, beyond);
        for (let k = from; k < to; k++) {
          all[k] = weight[k - from];
          residual[k] = all[k] > 0 ? beyond[k - from] / all[k] : 0;
        }
      }
      const byRow = columns.map(({byCell, values}) => Float64Array.from(byCell ? cell : row, (at) => values[at]));
      return weightedLeastSquares(byRow, all, residual);
    }
  };
  return pass;
}

/** Fills in, by row as given, the probability of 1 at some coefficients. */
export function fillFitted(fitted: Float64Array, rows: Omit<LogisticRows, "happened">, coef: Float64Array): void {
  const {row, columns} = rows;
  const [here, eta] = [emptyNumbers(columns), new Float64Array(TOGETHER)];
  const fillLogOdds = logOddsAt(rows, coef);
  for (let from = 0; from < row.length; from += TOGETHER) {
    const to = Math.min(row.length, from + TOGETHER);
    fillNumbers(here, columns, row, from, to);
    fillLogOdds(eta, here, from, to);
    addProbabilities(fitted, row, eta, from, to);
  }
}

const emptyNumbers = (columns: readonly ModelColumn[]): Here =>
  columns.flatMap(({byCell}) => (byCell ? [] : [new Float64Array(TOGETHER)]));

function fillNumbers(here: Here, columns: readonly ModelColumn[], row: Uint32Array, from: number, to: number): void {
  let a = 0;
  for (const {byCell, values} of columns) if (!byCell) valuesAt(row, values, here[a++], from, to);
}

/** Some rows of a model, one of each `step` rows or so, at no even distance: a cohort may repeat itself. */
export function thinned({row, cell, cells, columns, happened}: LogisticRows, step: number): LogisticRows {
  const golden = (Math.sqrt(5) - 1) / 2;
  const kept = new Uint32Array(Math.floor(happened.length / step));
  for (let k = 0; k < kept.length; k++) kept[k] = Math.floor(step * (k + ((k * golden) % 1)));
  return {
    row: valuesAt(kept, row, new Uint32Array(kept.length)),
    cell: valuesAt(kept, cell, new Uint32Array(kept.length)),
    cells,
    columns,
    happened: valuesAt(kept, happened, new Uint8Array(kept.length))
  };
}

/** Values at the places [from, to) of a list. */
function valuesAt<T extends Uint8Array | Uint32Array | Float64Array>(
  places: Uint32Array,
  values: T,
  into: T,
  from = 0,
  to = places.length
): T {
  for (let k = from; k < to; k++) into[k - from] = values[places[k]];
  return into;
}

/** Fills log odds at some coefficients, NaN counting as 0, of the rows [from, to). */
function logOddsAt({cell, cells, columns}: Omit<LogisticRows, "happened">, coef: Float64Array) {
  const base = new Float64Array(cells);
  const all = columns.map((column, j) => ({...column, b: coef[j] === coef[j] ? coef[j] : 0}));
  for (const {byCell, values, b} of all) if (byCell) for (let c = 0; c < cells; c++) base[c] += b * values[c];
  const numbers = all.filter(({byCell}) => !byCell);
  return (eta: Float64Array, here: Here, from: number, to: number) => {
    logOdds(eta, base, cell, from, to);
    numbers.forEach(({b}, a) => addTimes(eta, b, here[a], to - from));
  };
}

// Loops over the rows stand in functions of their own: in closures they run several times slower.
function logOdds(eta: Float64Array, base: Float64Array, cell: Uint32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) eta[k - from] = base[cell[k]];
}

function addTimes(eta: Float64Array, b: number, x: Float64Array, n: number): void {
  for (let k = 0; k < n; k++) eta[k] += b * x[k];
}

function dotOf(values: Float64Array, x: Float64Array, n: number): number {
  let sum = 0;
  for (let k = 0; k < n; k++) sum += values[k] * x[k];
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
    const value = x[k - from];
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

function addProbabilities(fitted: Float64Array, row: Uint32Array, eta: Float64Array, from: number, to: number): void {
  for (let k = from; k < to; k++) {
    const e = eta[k - from];
    const small = Math.exp(-Math.abs(e));
    fitted[row[k]] = (e >= 0 ? 1 : small) / (1 + small);
  }
}
