import {bootstrapOptimism} from "./bootstrapOptimism.js";
import type {BootstrapOptimism, OptimismOptions} from "./bootstrapOptimism.js";
import {coxRefit} from "./coxRefit.js";
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
  const {size, fit, concordance, slope} = coxRefit(input, "coxOptimism");
  return bootstrapOptimism(
    {
      size,
      fit: (rows: Uint32Array) => ({coef: fit(rows), rows}),
      score(model, rows) {
        const c = concordance(model.coef, rows);
        // On the rows it was fitted on a linear predictor has slope 1: that is what maximum likelihood means.
        return {concordance: c, dxy: 2 * c - 1, slope: rows === model.rows ? 1 : slope(model.coef, rows)};
      }
    },
    options
  );
}
