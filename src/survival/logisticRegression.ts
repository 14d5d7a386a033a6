import {dot} from "../numeric/dot.js";
import {solveNormalEquations, weightedLeastSquares} from "../numeric/leastSquares.js";
import type {LeastSquares} from "../numeric/leastSquares.js";
import {normalUpperTail} from "../numeric/distributions.js";
import {LARGE} from "./cellSums.js";
import type {Terms} from "./designColumns.js";
import {factorCells} from "./factorCells.js";
import type {FactorCells} from "./factorCells.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn} from "./surv.js";

/** A fitted logistic model; arrays by coefficient are aligned with `names`, the intercept first. */
export interface LogisticRegression {
  readonly names: readonly string[];
  /** Log odds ratios; NaN for a term that depends linearly on earlier ones (R's NA), named in `warnings`. */
  readonly coef: Float64Array;
  readonly standardError: Float64Array;
  readonly z: Float64Array;
  /** Two-sided Wald p. */
  readonly p: Float64Array;
  readonly deviance: number;
  readonly nullDeviance: number;
  /** By row as given: fitted probability of outcome 1; NaN for a row left out. */
  readonly fitted: Float64Array;
  /** Rows the model is fitted to, in cells of its factors. */
  readonly design: FactorCells;
  readonly iterations: number;
  readonly converged: boolean;
  readonly n: number;
  /** Rows left out because outcome or a term is missing. */
  readonly missing: number;
  /** Sentences on collinear terms and on separation. */
  readonly warnings: readonly string[];
}

export interface LogisticOptions {
  /** Length of `outcome`: 0 leaves a row out. */
  readonly rows?: Uint8Array;
  /** Default 50. */
  readonly maxIterations?: number;
}

const who = "logisticRegression";

/**
 * Logistic regression by iteratively reweighted least squares, iterated until the coefficients stand still.
 *
 * Under separation a coefficient grows without bound; the fit then stops, `converged` is false and a warning names it.
 *
 * @param outcome - n values, 0 or 1; NaN is missing
 * @param terms - name → numeric column, or factor `{values, levels}` with the first level as reference
 * @throws {SurvivalInputError} if a length or a value is wrong, or the outcome does not vary
 * @see R `glm(outcome ~ terms, family = binomial)` 4.2.2, with `epsilon = 1e-14`
 */
export function logisticRegression(
  outcome: NumericColumn | Uint8Array,
  terms: Terms,
  {rows, maxIterations = 50}: LogisticOptions = {}
): LogisticRegression {
  const {known, asked} = knownRows(outcome, rows);
  const design = factorCells(terms, known, who);
  const {row} = design;
  const n = row.length;
  const happened = new Uint8Array(n);
  let events = 0;
  for (let k = 0; k < n; k++) events += happened[k] = outcome[row[k]];
  if (events === 0 || events === n)
    throw new SurvivalInputError(
      `${who}: the outcome is the same for all ${n} usable rows; a model needs both 0 and 1.`
    );
  const columns = modelColumns(design);
  const fit = iterate(passOver(design, columns, happened), columns, maxIterations);
  const names = columns.map(({name}) => name);
  const p = names.length;
  const standardError = Float64Array.from(names, (_, j) => Math.sqrt(fit.covariance[j * p + j]));
  const z = fit.coef.map((b, j) => b / standardError[j]);
  const fitted = new Float64Array(outcome.length).fill(NaN);
  for (let k = 0; k < n; k++) fitted[row[k]] = probability(fit.eta[k]);
  const share = events / n;
  return {
    names,
    coef: fit.coef,
    standardError,
    z,
    p: z.map((value) => 2 * normalUpperTail(Math.abs(value))),
    deviance: fit.deviance,
    nullDeviance: -2 * n * (share * Math.log(share) + (1 - share) * Math.log1p(-share)),
    fitted,
    design,
    iterations: fit.iterations,
    converged: fit.moving.length === 0,
    n,
    missing: asked - n,
    warnings: [...collinear(names, fit.coef), ...fit.moving.map((j) => separation(names[j]))]
  };
}

/** By row 1 if it is asked for and its outcome is known. */
function knownRows(outcome: NumericColumn | Uint8Array, rows: Uint8Array | undefined) {
  const known = new Uint8Array(outcome.length);
  let asked = 0;
  for (let i = 0; i < known.length; i++) {
    if (rows && rows[i] === 0) continue;
    asked++;
    const value = outcome[i];
    if (value !== value) continue;
    if (value !== 0 && value !== 1)
      throw new SurvivalInputError(`${who}: outcome[${i}] must be 0 or 1, or NaN if missing: ${value}.`, i);
    known[i] = 1;
  }
  return {known, asked};
}

/** A column of the model's matrix: a value a row, or one a cell. */
interface ModelColumn {
  readonly name: string;
  readonly byCell: boolean;
  readonly values: Float64Array;
}

function modelColumns({cells, columns}: FactorCells): ModelColumn[] {
  const intercept = {name: "(Intercept)", byCell: true, values: new Float64Array(cells).fill(1)};
  const kept = columns.filter(({reference}) => !reference);
  return [
    intercept,
    ...kept.map(({term, level, values}) => ({name: term + (level ?? ""), byCell: level !== null, values}))
  ];
}

/** The likelihood at some coefficients: what the next step is made of. */
interface Pass {
  /** By row: log odds. */
  readonly eta: Float64Array;
  deviance: number;
  /** XᵀWX and XᵀWr of the working residuals r. */
  readonly products: Float64Array;
  readonly along: Float64Array;
  /** Moves to other coefficients. */
  to(coef: Float64Array): void;
  /** Least squares of the working residuals: the step, NaN where a column depends on earlier ones. */
  step(): LeastSquares;
}

/** Begins where R does: at fitted probabilities of (y + ½) / 2. */
function passOver({cell, cells}: FactorCells, columns: readonly ModelColumn[], happened: Uint8Array): Pass {
  const n = happened.length;
  const p = columns.length;
  const [eta, weight, beyond] = [0, 0, 0].map(() => new Float64Array(n)); // beyond: y − probability, W times the residual
  const levels = columns.flatMap(({byCell}, j) => (byCell ? [j] : []));
  const numbers = columns.flatMap(({byCell}, j) => (byCell ? [] : [j]));
  const base = new Float64Array(cells);
  const pass: Pass = {
    eta,
    deviance: Infinity,
    products: new Float64Array(p * p),
    along: new Float64Array(p),
    to(coef) {
      base.fill(0);
      for (const j of levels)
        if (coef[j] === coef[j]) for (let c = 0; c < cells; c++) base[c] += coef[j] * columns[j].values[c];
      fillFrom(base, cell, eta);
      for (const j of numbers) if (coef[j] === coef[j]) addTimes(coef[j], columns[j].values, eta);
      pass.deviance = look(eta, happened, weight, beyond);
      crossed();
    },
    step() {
      const found = solveNormalEquations(pass.products, pass.along);
      if (found) return found;
      // Columns too close for their squares: an orthogonal factorisation of the columns themselves.
      const residual = beyond.map((b, k) => (weight[k] > 0 ? b / weight[k] : 0));
      return weightedLeastSquares(
        columns.map((column) => byRow(column, cell)),
        weight,
        residual
      );
    }
  };
  const crossed = () => multiplyColumns(columns, levels, numbers, {cell, cells, weight, beyond}, pass);
  begin(happened, weight, beyond);
  crossed();
  return pass;
}

/** Weights and residuals at fitted probabilities of ¼ and ¾, whose log odds ± log 3 belong to what the first step reaches from 0. */
function begin(happened: Uint8Array, weight: Float64Array, beyond: Float64Array): void {
  const first = 1 / 4 + (3 / 16) * Math.log(3);
  for (let k = 0; k < happened.length; k++) {
    weight[k] = 3 / 16;
    beyond[k] = happened[k] === 1 ? first : -first;
  }
}

// Loops over the patients stand in functions of their own: in closures they run several times slower.
function fillFrom(base: Float64Array, cell: Uint32Array, into: Float64Array): void {
  for (let k = 0; k < into.length; k++) into[k] = base[cell[k]];
}

function addTimes(b: number, column: Float64Array, into: Float64Array): void {
  for (let k = 0; k < into.length; k++) into[k] += b * column[k];
}

/** Fills weights p(1 − p) and y − p. @returns the deviance */
function look(eta: Float64Array, happened: Uint8Array, weight: Float64Array, beyond: Float64Array): number {
  let [half, factor] = [0, 1];
  for (let k = 0; k < eta.length; k++) {
    const e = eta[k];
    const small = Math.exp(-Math.abs(e));
    const unlikely = small / (1 + small);
    const y = happened[k];
    weight[k] = unlikely / (1 + small);
    const expected = y === 1 ? e > 0 : e <= 0;
    const off = expected ? unlikely : 1 / (1 + small);
    beyond[k] = y === 1 ? off : -off;
    // −log of what was given to the outcome: one logarithm serves many factors 1 + small.
    if (!expected) half += Math.abs(e);
    factor *= 1 + small;
    if (factor > LARGE) {
      half += Math.log(factor);
      factor = 1;
    }
  }
  return 2 * (half + Math.log(factor));
}

interface Weighted {
  readonly cell: Uint32Array;
  readonly cells: number;
  readonly weight: Float64Array;
  readonly beyond: Float64Array;
}

/** XᵀWX and XᵀWr: of levels with whatever else, from sums by cell. */
function multiplyColumns(
  columns: readonly ModelColumn[],
  levels: readonly number[],
  numbers: readonly number[],
  {cell, cells, weight, beyond}: Weighted,
  {products, along}: Pass
): void {
  const p = columns.length;
  const set = (j: number, l: number, value: number) => (products[j * p + l] = products[l * p + j] = value);
  const [total, rest] = [sumsByCell(weight, cell, cells), sumsByCell(beyond, cell, cells)];
  levels.forEach((j, a) => {
    const own = columns[j].values;
    along[j] = dot(own, rest);
    const weighted = own.map((x, c) => x * total[c]);
    for (const l of levels.slice(0, a + 1)) set(j, l, dot(columns[l].values, weighted));
  });
  const weighted = new Float64Array(weight.length);
  numbers.forEach((j, a) => {
    const own = columns[j].values;
    multiply(weight, own, weighted);
    along[j] = dot(beyond, own);
    for (const l of numbers.slice(0, a + 1)) set(j, l, dot(weighted, columns[l].values));
    const sums = sumsByCell(weighted, cell, cells);
    for (const l of levels) set(j, l, dot(columns[l].values, sums));
  });
}

function multiply(a: Float64Array, b: Float64Array, into: Float64Array): void {
  for (let k = 0; k < into.length; k++) into[k] = a[k] * b[k];
}

function sumsByCell(values: Float64Array, cell: Uint32Array, cells: number): Float64Array {
  const sums = new Float64Array(cells);
  for (let k = 0; k < values.length; k++) sums[cell[k]] += values[k];
  return sums;
}

const byRow = ({byCell, values}: ModelColumn, cell: Uint32Array) =>
  byCell ? Float64Array.from(cell, (c) => values[c]) : values;

function iterate(pass: Pass, columns: readonly ModelColumn[], maxIterations: number) {
  let coef: Float64Array = new Float64Array(columns.length);
  let change = coef;
  let iterations = 0;
  for (let still = false; iterations < maxIterations && !still;) {
    iterations++;
    const {deviance} = pass;
    const next = improve(pass, coef, pass.step().coef);
    change = next.map((b, j) => b - coef[j]);
    // Under separation the deviance stands still while a coefficient goes on growing by about one a step.
    still = Math.abs(pass.deviance - deviance) <= 1e-13 * (pass.deviance + 0.1);
    coef = next;
  }
  const {covariance} = pass.step();
  return {coef, covariance, deviance: pass.deviance, eta: pass.eta, iterations, moving: moved(columns, change)};
}

/** Moves the full step, or as much of it as does not raise the deviance. @returns the coefficients reached */
function improve(pass: Pass, from: Float64Array, step: Float64Array): Float64Array {
  const {deviance} = pass;
  for (let part = 1, halvings = 0; ; part /= 2, halvings++) {
    // What had no coefficient before may have one now.
    const to = step.map((d, j) => (Number.isNaN(from[j]) ? 0 : from[j]) + part * d);
    pass.to(to);
    if (halvings === 30 || pass.deviance <= deviance * (1 + 1e-12)) return to;
  }
}

/** Columns whose last step still changes a fitted log odds: not converged, or running to infinity. */
function moved(columns: readonly ModelColumn[], step: Float64Array): number[] {
  const moving: number[] = [];
  step.forEach((d, j) => {
    if (!Number.isNaN(d) && Math.abs(d) * spread(columns[j].values) > 1e-3) moving.push(j);
  });
  // The intercept follows whatever runs away; name it only when it runs alone.
  return moving.length > 1 ? moving.filter((j) => j > 0) : moving;
}

function spread(column: Float64Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const x of column) {
    if (x < low) low = x;
    if (x > high) high = x;
  }
  return high > low ? high - low : 1;
}

function probability(eta: number): number {
  return eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta));
}

function collinear(names: readonly string[], coef: Float64Array): string[] {
  return names
    .filter((_, j) => Number.isNaN(coef[j]))
    .map((name) => `${name} is constant or a combination of earlier terms; its coefficient cannot be estimated.`);
}

function separation(name: string): string {
  return `${name} does not converge: it (almost) separates outcome 0 from 1, so its coefficient is infinite. Merge levels or drop the term.`;
}
