import {latentCorrelation, stageCorrelation} from "./prevalences.js";
import {patientRandom} from "./streams.js";

/** What nobody sees: a patient's heterogeneity, and the normal variable that rT is cut from. Each standard normal. */
export interface Latent {
  readonly pet: number;
  readonly ct: number;
  readonly stage: number;
}

/** Correlated by a common factor, so that PET and CT have the correlation asked for and rT its weaker one with both. */
export function latentOf(seed: number, patient: number): Latent {
  const {normal} = patientRandom(seed, "latent", patient);
  const shared = normal();
  const [common, own] = [Math.sqrt(latentCorrelation), Math.sqrt(1 - latentCorrelation)];
  const pet = common * shared + own * normal();
  const ct = common * shared + own * normal();
  const loading = stageCorrelation / common;
  const stage = loading * shared + Math.sqrt(1 - loading ** 2) * normal();
  return {pet, ct, stage};
}
