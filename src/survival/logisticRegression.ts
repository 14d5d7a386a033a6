import {normalUpperTail} from "../numeric/distributions.js";
import type {Terms} from "./designColumns.js";
import {factorCells} from "./factorCells.js";
import type {FactorCells} from "./factorCells.js";
import {fillFitted, logisticPass, thinned} from "./logisticPass.js";
import type {LogisticPass, LogisticRows, ModelColumn} from "./logisticPass.js";
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
  /** What the outcome is, for messages. Default "outcome". */
  readonly name?: string;
}

const who = "logisticRegression";

/**
 * Logistic regression by iteratively reweighted least squares, iterated until the coefficients stand still.
 *
 * Under separation a coefficient grows without bound; the fit then stops, `converged` is false and a warning names it.
 *
 * @param outcome - n values, 0 or 1; NaN is missing
 * @param terms - name → numeric column, or factor `{values, levels}` with the first level as reference; not changed from now on
 * @throws {SurvivalInputError} if a length or a value is wrong, or the outcome does not vary
 * @see R `glm(outcome ~ terms, family = binomial)` 4.2.2, with `epsilon = 1e-14`
 */
export function logisticRegression(
  outcome: NumericColumn | Uint8Array,
  terms: Terms,
  {rows, maxIterations = 50, name = "outcome"}: LogisticOptions = {}
): LogisticRegression {
  const {known, asked} = knownRows(outcome, rows);
  const design = factorCells(terms, known, who);
  const {row} = design;
  const n = row.length;
  const happened = new Uint8Array(n);
  let events = 0;
  for (let k = 0; k < n; k++) events += happened[k] = outcome[row[k]];
  if (n === 0) throw new SurvivalInputError(`${who}: nobody has the ${name} and all covariates known.`);
  if (events === 0 || events === n)
    throw new SurvivalInputError(`${who}: all ${n} patients with all covariates known have the same ${name}.`);
  const columns = modelColumns(design);
  const rowsOf = {row, cell: design.cell, cells: design.cells, columns, happened};
  const fit = fitOf(rowsOf, maxIterations);
  const names = columns.map(({name}) => name);
  const p = names.length;
  const standardError = Float64Array.from(names, (_, j) => Math.sqrt(fit.covariance[j * p + j]));
  const z = fit.coef.map((b, j) => b / standardError[j]);
  const fitted = new Float64Array(outcome.length).fill(NaN);
  fillFitted(fitted, rowsOf, fit.coef);
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

function modelColumns({cells, columns}: FactorCells): ModelColumn[] {
  const intercept = {name: "(Intercept)", byCell: true, values: new Float64Array(cells).fill(1)};
  const kept = columns.filter(({reference}) => !reference);
  return [
    intercept,
    ...kept.map(({term, level, values}) => ({name: term + (level ?? ""), byCell: level !== null, values}))
  ];
}

/** More rows than this, and the fit begins where that of one in so many ends. */
const MANY = 50_000;
const ONE_IN = 10;

/**
 * A step that changes no log odds by more than this is the last: coefficients are then off by its square, standard errors by less
 * than this share.
 */
const LAST_CHANGE = 1e-7;

function fitOf(rows: LogisticRows, maxIterations: number) {
  const sizes = rows.columns.map(({byCell, values}) => (byCell ? largestOf(values) : largestAt(values, rows.row)));
  const n = rows.happened.length;
  const begun = n > MANY ? iterate(thinned(rows, ONE_IN), sizes, maxIterations) : null;
  const known = begun && begun.moving.length === 0 && !begun.coef.some(Number.isNaN);
  return iterate(rows, sizes, maxIterations, known ? begun.coef : undefined);
}

function iterate(rows: LogisticRows, sizes: readonly number[], maxIterations: number, start?: Float64Array) {
  const pass = logisticPass(rows);
  let coef: Float64Array = start ?? new Float64Array(sizes.length);
  if (start) pass.to(start);
  else pass.begin();
  let change = coef;
  let iterations = 0;
  for (let still = false; iterations < maxIterations && !still;) {
    iterations++;
    const {deviance} = pass;
    const step = pass.step().coef;
    if (deviance < Infinity && largestChange(step, sizes) < LAST_CHANGE) {
      coef = moved(coef, step, 1);
      change = step;
      break;
    }
    const next = improve(pass, coef, step);
    change = next.map((b, j) => b - coef[j]);
    // Under separation the deviance stands still while a coefficient goes on growing by about one a step.
    still = Math.abs(pass.deviance - deviance) <= 1e-13 * (pass.deviance + 0.1);
    coef = next;
  }
  const {covariance} = pass.step();
  return {coef, covariance, deviance: pass.deviance, iterations, moving: stillMoving(change, sizes)};
}

/** Nobody's log odds change by more; a column that depends on earlier ones changes nothing. */
function largestChange(step: Float64Array, sizes: readonly number[]): number {
  return step.reduce((sum, d, j) => (d === d ? sum + Math.abs(d) * sizes[j] : sum), 0);
}

const largestOf = (values: Float64Array) => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);

function largestAt(values: Float64Array, row: Uint32Array): number {
  let most = 0;
  for (let k = 0; k < row.length; k++) {
    const size = Math.abs(values[row[k]]);
    if (size > most) most = size;
  }
  return most;
}

/** What had no coefficient before may have one now. */
const moved = (from: Float64Array, step: Float64Array, part: number) =>
  step.map((d, j) => (Number.isNaN(from[j]) ? 0 : from[j]) + part * d);

/** Moves the full step, or as much of it as does not raise the deviance. @returns the coefficients reached */
function improve(pass: LogisticPass, from: Float64Array, step: Float64Array): Float64Array {
  const {deviance} = pass;
  for (let part = 1, halvings = 0; ; part /= 2, halvings++) {
    const to = moved(from, step, part);
    pass.to(to);
    if (halvings === 30 || pass.deviance <= deviance * (1 + 1e-12)) return to;
  }
}

/** Columns whose last step still changes a fitted log odds: not converged, or running to infinity. */
function stillMoving(step: Float64Array, sizes: readonly number[]): number[] {
  const moving: number[] = [];
  step.forEach((d, j) => {
    // No two rows are further apart than twice the largest value.
    if (!Number.isNaN(d) && 2 * Math.abs(d) * sizes[j] > 1e-3) moving.push(j);
  });
  // The intercept follows whatever runs away; name it only when it runs alone.
  return moving.length > 1 ? moving.filter((j) => j > 0) : moving;
}

function collinear(names: readonly string[], coef: Float64Array): string[] {
  return names
    .filter((_, j) => Number.isNaN(coef[j]))
    .map((name) => `${name} is constant or a combination of earlier terms; its coefficient cannot be estimated.`);
}

function separation(name: string): string {
  return `${name} does not converge: it (almost) separates outcome 0 from 1, so its coefficient is infinite. Merge levels or drop the term.`;
}
