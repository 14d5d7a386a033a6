import {completeRows} from "./completeRows.js";
import type {CompleteRows} from "./completeRows.js";
import {concordancePairs} from "./concordancePairs.js";
import {coxData} from "./coxData.js";
import {maximise} from "./coxFit.js";
import {rowLikelihood} from "./coxLikelihood.js";
import {designColumns} from "./designColumns.js";
import type {Terms} from "./designColumns.js";
import {SurvivalInputError} from "./surv.js";
import type {SurvInput} from "./surv.js";

/** A Cox model that can be fitted again and again on resamples of one cohort, which is sorted only once. */
export interface CoxRefit {
  /** Complete rows; resamples name them 0 … size − 1 in the order of the cohort. */
  readonly size: number;
  /**
   * Coefficients on a resample (Efron), 0 where there is no estimate.
   *
   * @throws {SurvivalInputError} if the resample has no event or the fit does not converge
   */
  readonly fit: (rows: ArrayLike<number>) => Float64Array;
  /** Harrell's C of coefficients on a resample; NaN if no pair can be compared. */
  readonly concordance: (coef: Float64Array, rows: ArrayLike<number>) => number;
  /** Calibration slope: Cox coefficient of the linear predictor on a resample. */
  readonly slope: (coef: Float64Array, rows: ArrayLike<number>) => number;
}

const STEPS = 40;

/** @throws {SurvivalInputError} as `coxph` does; left truncation and weights are refused */
export function coxRefit(input: SurvInput & {readonly terms: Terms}, who: string): CoxRefit {
  const size = "surv" in input ? input.surv.size : input.time.length;
  const design = designColumns(input.terms, size, who);
  const columns = Object.fromEntries(design.columns.map((column, j) => [design.names[j], column]));
  const cohort = completeRows(input, columns, who);
  const position = positionsInTime(cohort);
  const at = (rows: ArrayLike<number>) => resampled(cohort, position, rows);
  const fitted = (columns: readonly Float64Array[], rows: CompleteRows) => {
    const data = coxData([rows], {names: [], term: [], columns});
    if (!data.event.includes(1)) throw new SurvivalInputError(`${who}: a resample has no event.`);
    const maximum = maximise(rowLikelihood(data, "efron"), {maxIterations: STEPS});
    if (!maximum.converged) throw new SurvivalInputError(`${who}: a resample's fit does not converge.`);
    return maximum.beta;
  };
  const predictor = (coef: Float64Array) => {
    const lp = new Float64Array(size);
    design.columns.forEach((column, j) => {
      for (const i of cohort.row) lp[i] += coef[j] * column[i];
    });
    return lp;
  };
  return {
    size: cohort.row.length,
    fit: (rows) => fitted(design.columns, at(rows)),
    concordance(coef, rows) {
      const {concordant, discordant, tiedScore} = concordancePairs(at(rows), predictor(coef), null, {influence: false});
      return (concordant + tiedScore / 2) / (concordant + discordant + tiedScore);
    },
    slope: (coef, rows) => fitted([predictor(coef)], at(rows))[0]
  };
}

/** By rank in the order of the cohort: position in time. */
function positionsInTime({row}: CompleteRows): Uint32Array {
  const byRow = Uint32Array.from(row.keys()).sort((a, b) => row[a] - row[b]);
  return byRow;
}

/** Rows of a resample in time order: sorting their positions is sorting their times. */
function resampled(cohort: CompleteRows, position: Uint32Array, rows: ArrayLike<number>): CompleteRows {
  const n = cohort.row.length;
  const count = new Uint32Array(n);
  for (let q = 0; q < rows.length; q++) count[position[rows[q]]]++;
  const row = new Uint32Array(rows.length);
  const slot = new Uint32Array(rows.length);
  for (let k = 0, q = 0; k < n; k++)
    for (let times = count[k]; times > 0; times--, q++) {
      row[q] = cohort.row[k];
      slot[q] = cohort.slot[k];
    }
  return {...cohort, row, slot};
}
