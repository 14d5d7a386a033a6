import {chiSquareUpperTail} from "../numeric/distributions.js";
import type {ChiSquareTest, CoxModel} from "./coxph.js";
import {SurvivalInputError} from "./surv.js";

/**
 * Likelihood-ratio test of a Cox model against one with more terms, on the same patients.
 *
 * @throws {SurvivalInputError} if the fits differ in patients, ties or strata, or the second has no term more
 * @see R `anova(smaller, larger)` 3.5-3
 */
export function compareNested(smaller: CoxModel, larger: CoxModel): ChiSquareTest {
  const rows = ({internal}: CoxModel) => internal.data.row;
  if (smaller.n !== larger.n || rows(smaller).some((i, k) => i !== rows(larger)[k]))
    throw new SurvivalInputError(
      `compareNested: the models are of ${smaller.n} and ${larger.n} patients who are not the same; fit both on the rows complete for the larger one.`
    );
  if (smaller.ties !== larger.ties)
    throw new SurvivalInputError(`compareNested: one model has ${smaller.ties} ties, the other ${larger.ties}.`);
  const df = larger.likelihoodRatio.df - smaller.likelihoodRatio.df;
  if (df < 1) throw new SurvivalInputError("compareNested: the second model has no more coefficients than the first.");
  // Two maxima found to the last bit may differ by rounding where the terms bring nothing.
  const statistic = Math.max(0, 2 * (larger.logLikelihood[1] - smaller.logLikelihood[1]));
  return {statistic, df, p: chiSquareUpperTail(statistic, df)};
}
