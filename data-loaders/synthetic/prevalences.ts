/**
 * What the synthetic cohort is made to look like. K: read in a published abstract; A: our assumption. Sources, and what was
 * adjusted after looking at generated patients, stand in README.md beside this file.
 */

export const stages = ["rT1", "rT2", "rT3", "rT4"] as const;
export const nodalStages = ["rN0", "rN1", "rN2", "rN3"] as const;
export type Stage = (typeof stages)[number];
export type NodalStage = (typeof nodalStages)[number];

/** Patients and training patients of the paper (K): the share put into the training set. */
export const trainingShare = 269 / 420;

/** Years; truncated normal (range K, mean and SD A). */
export const age = {mean: 48, sd: 11, least: 16, most: 75} as const;
/** A. */
export const maleShare = 0.75;

/** A. */
export const stageShares = [0.2, 0.18, 0.37, 0.25] as const;
/** A. */
export const nodalShares = [0.65, 0.24, 0.08, 0.03] as const;

/** EBV DNA detectable, by rT: 49.1% in all (K), the gradient A. */
export const ebvDetectable = [0.35, 0.42, 0.52, 0.612] as const;
/** Mean copies/ml over all patients, by rT: K for rT1–3, A for rT4. */
export const ebvMeanCopies = [48, 316, 890, 1500] as const;
/** SD of log copies where detectable. A. */
export const ebvLogSd = 1.5;

/** Correlation of PET and CT heterogeneity, and of each with the normal variable behind rT. A. */
export const latentCorrelation = 0.4;
export const stageCorrelation = 0.2;

/** By rT, at the mean age; weighted by the stages they give 31% and 61% (K), the gradients A. */
export const surgeryShares = [0.6, 0.42, 0.22, 0.13] as const;
export const reirradiationShares = [0.45, 0.55, 0.68, 0.68] as const;
/** By rT; higher without local treatment. A: about a third in all, see README.md. */
export const chemotherapyShares = [0.18, 0.22, 0.3, 0.34] as const;
/** Change of the logit a year of age, and of chemotherapy's without local treatment. A. */
export const ageLogit = {surgery: -0.03, reirradiation: -0.03, chemotherapy: -0.03} as const;
export const noLocalTreatmentLogit = 0.9;

/** Log hazard ratios before treatment. A, in the direction and order of the published associations. */
export const logHazard = {
  ageDecade: 0.25,
  stage: [0, 0.5, 0.75, 1],
  nodal: [0, 0.2, 0.35, 0.5],
  ebvDetectable: 0.3
} as const;
/** Log hazard ratio of PET's heterogeneity over that of CT's. A. */
export const petOverCt = 1.25;
/** Harrell's C (A) that age, rT and the true heterogeneities shall reach in a cohort of 420, on average over cohorts. */
export const intendedConcordance = 0.74;

/** Log hazard ratios of local treatment in patients of the lowest risk; they fade to none as the risk rises. A. */
export const benefit = {surgery: -0.6, reirradiation: -0.5, fadesOver: 0.4} as const;
/** What risk counts for without and with chemotherapy: with it, high and low risk hardly differ. A. */
export const riskSlope = {withoutChemotherapy: 1.15, withChemotherapy: 0} as const;

/** A; of one Weibull curve of shape 1.07 over all patients. */
export const survivalTargets = [
  {months: 12, survival: 0.85},
  {months: 36, survival: 0.59},
  {months: 60, survival: 0.4}
] as const;
/**
 * Solved for the two targets above by `npm run calibrate`, see README.md: log hazard ratios a SD of heterogeneity; shape of a
 * patient's own Weibull hazard (as patients differ, the curve over all is flatter) and its cumulative baseline at one month.
 */
export const hazard = {petLatent: 0.66, ctLatent: 0.53, shape: 1.47, perMonth: 0.002909} as const;
/** Median in months K; shape and longest A. */
export const followUp = {medianMonths: 32, shape: 1.6, mostMonths: 120} as const;

/** Median tumour volume in cm³ by rT, and SD of its log. A, about the published cut-offs of 22 to 38 cm³. */
export const volumeMedian = [7, 13, 24, 38] as const;
export const volumeLogSd = 0.4;
/** SUVmax of a recurrence: log-normal. A. */
export const suvMax = {median: 9, logSd: 0.4} as const;

/** Share of patients with RNA-seq, genes and gene sets. A. */
export const rnaShare = 0.28;
export const geneCount = 2000;

/**
 * Dated events, A throughout. Months from the PET/CT to a biopsy at most, from it to each treatment, and how long that takes; shares
 * with each kind of progression, had they been followed to death; where on the way to death it comes.
 */
export const events = {
  biopsyMonths: 1,
  surgery: {waits: [0.3, 2], lasts: [0, 0]},
  reirradiation: {waits: [0.5, 2.5], lasts: [1.2, 1.7]},
  chemotherapy: {waits: [0.2, 1.5], lasts: [2, 6]},
  progressionShares: {local_progression: 0.55, distant_metastasis: 0.35},
  progressionPlace: [0.3, 0.9]
} as const;
