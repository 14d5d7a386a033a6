/**
 * Survival statistics: typed arrays in, plain objects out. No DOM, no Node, no Arrow.
 *
 * Every function takes raw columns, or a cohort prepared once by `surv()` with an optional row mask.
 */

// Follow-up
export {SurvivalInputError, surv} from "./surv.js";
export type {NumericColumn, EventColumn, SurvInput} from "./surv.js";

// Curves
export {kaplanMeier, kaplanMeierBy} from "./kaplanMeier.js";
export type {SurvivalInterval} from "./kaplanMeier.js";
export {quantile, median, medianFollowUp} from "./survivalQuantile.js";
export {survivalAt, riskTable} from "./survivalAt.js";
export {restrictedMean, restrictedMeanDifference} from "./restrictedMean.js";
export {cumulativeIncidence} from "./cumulativeIncidence.js";
export {grayTest} from "./grayTest.js";

// Tests
export {logRank, logRankTrend} from "./logRank.js";
export {logRankPairwise} from "./logRankPairwise.js";
export {adjust} from "./adjust.js";
export type {Adjustment} from "./adjust.js";
export {maximallySelectedLogRank} from "./maximallySelectedLogRank.js";
export type {CutPointPMethod} from "./maximallySelectedLogRank.js";
export {cutPointSpread} from "./cutPointSpread.js";

// Cox regression
export {coxph} from "./coxph.js";
export type {CoxInput} from "./coxph.js";
export {baselineHazard} from "./baselineHazard.js";
export {linearPredictor, predictSurvival} from "./predictSurvival.js";
export {coxResiduals, schoenfeldResiduals} from "./coxResiduals.js";
export {coxZph} from "./coxZph.js";
export type {ZphTransform} from "./coxZph.js";
export {compareNested} from "./compareNested.js";
export {forest} from "./forest.js";

// How good a prediction is
export {concordance} from "./concordance.js";
export type {ConcordanceInput} from "./concordance.js";
export {compareConcordance} from "./compareConcordance.js";
export {timeDependentAuc, compareAuc} from "./timeDependentAuc.js";
export {brierScore, integratedBrier} from "./brierScore.js";
export {calibration} from "./calibration.js";
export type {CalibrationGroup} from "./calibration.js";
export {decisionCurve} from "./decisionCurve.js";
export {bootstrapOptimism} from "./bootstrapOptimism.js";
export type {OptimismProblem} from "./bootstrapOptimism.js";
export {coxOptimism} from "./coxOptimism.js";

// Nomogram and weights
export {nomogramPoints, totalPoints, linearPredictorOf, survivalAtPoints} from "./nomogramPoints.js";
export {termEffect, termAxis} from "./nomogramTerms.js";
export type {NomogramTerm} from "./nomogramTerms.js";
export {logisticRegression} from "./logisticRegression.js";
export {inverseProbabilityWeights} from "./inverseProbabilityWeights.js";
export type {Estimand} from "./inverseProbabilityWeights.js";
export {covariateBalance} from "./covariateBalance.js";

// Shared shapes
export type {FactorTerm, Terms} from "./designColumns.js";
export type {Labels, Level} from "./labels.js";
