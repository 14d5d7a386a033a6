/**
 * Survival statistics: typed arrays in, plain objects out. No DOM, no Node, no Arrow.
 *
 * Every function takes raw columns, or a cohort prepared once by `surv()` with an optional row mask.
 */

// Follow-up
export {SurvivalInputError, surv} from "./surv.js";
export type {NumericColumn, EventColumn, FollowUp, Surv, SurvSubset, SurvInput} from "./surv.js";

// Curves
export {kaplanMeier, kaplanMeierBy} from "./kaplanMeier.js";
export type {
  SurvivalInterval,
  KaplanMeierOptions,
  KaplanMeier,
  KaplanMeierGroup,
  GroupedKaplanMeier
} from "./kaplanMeier.js";
export {simultaneousBand} from "./simultaneousBand.js";
export type {BandKind, SimultaneousBand} from "./simultaneousBand.js";
export {quantile, median, medianFollowUp} from "./survivalQuantile.js";
export type {SurvivalQuantile} from "./survivalQuantile.js";
export {survivalAt, riskTable} from "./survivalAt.js";
export type {SurvivalAt, RiskTable} from "./survivalAt.js";
export {restrictedMean, restrictedMeanDifference} from "./restrictedMean.js";
export type {RestrictedMean, RestrictedMeanDifference} from "./restrictedMean.js";
export {cumulativeIncidence} from "./cumulativeIncidence.js";
export type {CauseIncidence, CumulativeIncidence} from "./cumulativeIncidence.js";
export {restrictedTimeLost} from "./restrictedTimeLost.js";
export type {RestrictedTimeLost} from "./restrictedTimeLost.js";
export {grayTest} from "./grayTest.js";
export type {GrayTest} from "./grayTest.js";

// Tests
export {logRank, logRankTrend} from "./logRank.js";
export type {LogRankOptions, GroupedInput, LogRank, LogRankTrend} from "./logRank.js";
export {logRankPairwise} from "./logRankPairwise.js";
export type {PairwiseTest} from "./logRankPairwise.js";
export {adjust} from "../numeric/adjust.js";
export type {Adjustment} from "../numeric/adjust.js";
export {maximallySelectedLogRank} from "./maximallySelectedLogRank.js";
export type {
  CutPointPMethod,
  MaximallySelectedOptions,
  CutPointScan,
  MaximallySelectedLogRank
} from "./maximallySelectedLogRank.js";
export {cutPointSpread} from "./cutPointSpread.js";
export type {CutPointSpreadOptions, CutPointSpread} from "./cutPointSpread.js";

// Cox regression
export {coxPerFeature} from "./coxPerFeature.js";
export type {CoxPerFeature} from "./coxPerFeature.js";
export {coxph} from "./coxph.js";
export type {CoxInput, CoxOptions, ChiSquareTest, CoxModel} from "./coxph.js";
export {baselineHazard} from "./baselineHazard.js";
export type {BaselineHazard} from "./baselineHazard.js";
export {coxPrediction, linearPredictorAt, baselineHazardAt, predictCurve} from "./coxPrediction.js";
export type {CoxPrediction, CoxBaseline, PredictedCurve} from "./coxPrediction.js";
export {linearPredictor, predictSurvival} from "./predictSurvival.js";
export type {PredictedSurvival, PredictOptions} from "./predictSurvival.js";
export {coxResiduals, schoenfeldResiduals} from "./coxResiduals.js";
export type {RowResiduals, SchoenfeldResiduals} from "./coxResiduals.js";
export {coxZph} from "./coxZph.js";
export type {ZphTransform, ZphTest} from "./coxZph.js";
export {smoothedCoefficient} from "./smoothedCoefficient.js";
export type {SmoothedCoefficient} from "./smoothedCoefficient.js";
export {compareNested} from "./compareNested.js";
export {functionalForm} from "./functionalForm.js";
export type {FunctionalForm, FunctionalFormOptions} from "./functionalForm.js";
export {candidateTerms} from "./candidateTerms.js";
export type {CandidateTerm, CandidateTerms, TermEffect} from "./candidateTerms.js";
export {forest} from "./forest.js";
export type {ForestRow, Forest} from "./forest.js";
export {treatmentEffectCurve} from "./treatmentEffectCurve.js";
export type {EffectCurveOptions, TreatmentEffectCurve} from "./treatmentEffectCurve.js";

// How good a prediction is
export {concordance} from "./concordance.js";
export type {ConcordanceInput, ConcordanceOptions, Concordance} from "./concordance.js";
export {compareConcordance} from "./compareConcordance.js";
export type {ConcordanceComparison} from "./compareConcordance.js";
export {timeDependentAuc, compareAuc} from "./timeDependentAuc.js";
export type {TimeDependentAuc, AucComparison, PerformanceOptions} from "./timeDependentAuc.js";
export {brierScore, integratedBrier} from "./brierScore.js";
export type {BrierScore} from "./brierScore.js";
export {calibration} from "./calibration.js";
export type {CalibrationOptions, ObservedProbability, CalibrationGroup, Calibration} from "./calibration.js";
export {decisionCurve} from "./decisionCurve.js";
export type {DecisionCurve, DecisionCurveOptions} from "./decisionCurve.js";
export {reclassification} from "./reclassification.js";
export type {Reclassification} from "./reclassification.js";
export {bootstrapPerformance} from "./bootstrapPerformance.js";
export type {BootstrapInterval, BootstrapPerformance, BootstrapPerformanceOptions} from "./bootstrapPerformance.js";
export {bootstrapOptimism} from "./bootstrapOptimism.js";
export type {OptimismProblem, OptimismOptions, Optimism, BootstrapOptimism} from "./bootstrapOptimism.js";
export {coxOptimism} from "./coxOptimism.js";

// A fitted model as it is published
export {designRow, scoreOf, riskBy, survivalCurve, nomogramModel, compareFits} from "./publishedModel.js";
export type {PublishedModel, PublishedModels, PublishedTerm, PublishedCoefficient, ValueOf} from "./publishedModel.js";

// Nomogram and weights
export {nomogramPoints, totalPoints, linearPredictorOf, survivalAtPoints} from "./nomogramPoints.js";
export type {NomogramModel, NomogramAxis, TotalPointsAxis, Nomogram, NomogramOptions} from "./nomogramPoints.js";
export {termEffect, termAxis} from "./nomogramTerms.js";
export type {NomogramTerm, TermAxis} from "./nomogramTerms.js";
export {logisticRegression} from "./logisticRegression.js";
export type {LogisticRegression, LogisticOptions} from "./logisticRegression.js";
export {inverseProbabilityWeights} from "./inverseProbabilityWeights.js";
export type {Estimand, WeightOptions, InverseProbabilityWeights} from "./inverseProbabilityWeights.js";
export {covariateBalance} from "./covariateBalance.js";
export type {CovariateBalance} from "./covariateBalance.js";

// Refusals in words
export {attempt} from "./attempt.js";

// Shared shapes
export type {FactorTerm, Terms} from "./designColumns.js";
export type {Labels, Level} from "./labels.js";
