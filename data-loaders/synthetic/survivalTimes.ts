import type {AtDiagnosis, SyntheticPatient, Treatment} from "./clinical.js";
import {age, benefit, ebvDetectable, followUp, logHazard, nodalShares, riskSlope, stageShares} from "./prevalences.js";
import {patientRandom} from "./streams.js";

const weighted = (values: readonly number[], shares: readonly number[]) =>
  values.reduce((sum, value, k) => sum + value * shares[k], 0);

/** The part of the hazard that is solved for targets (calibrate.ts). */
export interface Hazard {
  /** Log hazard ratios a SD of heterogeneity. */
  readonly petLatent: number;
  readonly ctLatent: number;
  /** Of a patient's Weibull hazard. */
  readonly shape: number;
  /** Cumulative baseline hazard at one month. */
  readonly perMonth: number;
}

/** Mean of the stage, node and EBV terms, so that a risk of 0 is an average patient. */
const meanRisk =
  weighted(logHazard.stage, stageShares) +
  weighted(logHazard.nodal, nodalShares) +
  logHazard.ebvDetectable * weighted(ebvDetectable, stageShares);

/** Log hazard of a patient before any treatment; mean 0. */
export function riskBeforeTreatment(
  patient: AtDiagnosis,
  {petLatent, ctLatent}: Pick<Hazard, "petLatent" | "ctLatent">
): number {
  return (
    (logHazard.ageDecade * (patient.age - age.mean)) / 10 +
    logHazard.stage[patient.stage] +
    logHazard.nodal[patient.nodal] +
    (patient.ebvDna > 0 ? logHazard.ebvDetectable : 0) +
    petLatent * patient.latent.pet +
    ctLatent * patient.latent.ct -
    meanRisk
  );
}

/** Local treatment helps low risk and fades as the risk rises; chemotherapy draws high and low risk together. */
export function linearPredictor(risk: number, {surgery, reirradiation, chemotherapy}: Treatment): number {
  const lowRisk = 1 / (1 + Math.exp(risk / benefit.fadesOver));
  const local = (surgery ? benefit.surgery : 0) + (reirradiation ? benefit.reirradiation : 0);
  const slope = chemotherapy ? riskSlope.withChemotherapy : riskSlope.withoutChemotherapy;
  return slope * risk + local * lowRisk;
}

/** Weibull death, censored independently; follow-up in months to one decimal, never below 0.1. */
export function followUpOf(
  seed: number,
  patient: number,
  predictor: number,
  {shape, perMonth}: Pick<Hazard, "shape" | "perMonth">
): Pick<SyntheticPatient, "osMonths" | "death" | "deathMonths"> {
  const {uniform} = patientRandom(seed, "survival", patient);
  const hazardTime = -Math.log(uniform()) / (perMonth * Math.exp(predictor));
  const death = hazardTime ** (1 / shape);
  const medians = (-Math.log(uniform()) / Math.LN2) ** (1 / followUp.shape);
  const censoring = Math.min(followUp.mostMonths, followUp.medianMonths * medians);
  const months = Math.min(death, censoring);
  return {osMonths: Math.max(0.1, Math.round(10 * months) / 10), death: death <= censoring, deathMonths: death};
}
