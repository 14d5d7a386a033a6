import {bootstrapOptimism} from "./bootstrapOptimism.js";
import type {BootstrapOptimism, OptimismOptions} from "./bootstrapOptimism.js";
import {completeRows, pick} from "./completeRows.js";
import {concordance} from "./concordance.js";
import {coxph} from "./coxph.js";
import {designColumns} from "./designColumns.js";
import type {Terms} from "./designColumns.js";
import type {SurvInput} from "./surv.js";

/**
 * Optimism of a Cox model's discrimination and calibration: C-index, Dxy = 2 (C − ½) and calibration slope.
 *
 * @param input - follow-up (time and event) and the model's `terms`; rows missing any are left out
 * @param options - `rows`, if given, count the rows that are left, in the order given
 * @see R `rms::validate(cph(…), method = "boot")` 6.5-0: its Dxy and Slope
 */
export function coxOptimism(
  input: SurvInput & {readonly terms: Terms},
  options: OptimismOptions = {}
): Promise<BootstrapOptimism> {
  const size = "surv" in input ? input.surv.size : input.time.length;
  const {names, columns} = designColumns(input.terms, size, "coxOptimism");
  const named = Object.fromEntries(names.map((name, j) => [name, columns[j]]));
  const {surv, row: byTime} = completeRows(input, named, "coxOptimism");
  const row = byTime.sort(); // the order given, so that `rows` may name patients
  const time = pick(surv.time, row);
  const event = Uint8Array.from(row, (i) => surv.event[i]);
  const design = columns.map((column) => pick(column, row));
  const on = (rows: Uint32Array) => ({time: pick(time, rows), event: Uint8Array.from(rows, (i) => event[i])});
  const fit = (rows: Uint32Array) =>
    coxph({...on(rows), terms: Object.fromEntries(names.map((name, j) => [name, pick(design[j], rows)]))}).coef;
  const score = (coef: Float64Array, rows: Uint32Array) => {
    const lp = Float64Array.from(rows, (i) => design.reduce((sum, x, j) => sum + coef[j] * x[i], 0));
    const {concordance: c} = concordance({...on(rows), score: lp});
    return {concordance: c, dxy: 2 * c - 1, slope: coxph({...on(rows), terms: {lp}}).coef[0]};
  };
  return bootstrapOptimism({size: row.length, fit, score}, options);
}
