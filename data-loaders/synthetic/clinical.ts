import {normalCdf} from "../../src/numeric/distributions.js";
import type {RandomSource} from "../../src/numeric/random.js";
import {latentOf, type Latent} from "./latent.js";
import * as known from "./prevalences.js";
import {followUpOf, type Hazard, linearPredictor, riskBeforeTreatment} from "./survivalTimes.js";
import {cohortRandom, patientRandom} from "./streams.js";

/** A row of clinical.csv with the truth behind it. */
export interface SyntheticPatient {
  readonly id: string;
  /** From 0: names the patient's random streams. */
  readonly number: number;
  readonly latent: Latent;
  readonly age: number;
  readonly sex: "male" | "female";
  /** 0–3 for rT1–rT4 and rN0–rN3. */
  readonly stage: number;
  readonly nodal: number;
  /** Copies/ml; 0 where undetectable. */
  readonly ebvDna: number;
  readonly surgery: boolean;
  readonly reirradiation: boolean;
  readonly chemotherapy: boolean;
  /** Log hazard before treatment, centred near 0, and with it. */
  readonly risk: number;
  readonly linearPredictor: number;
  readonly osMonths: number;
  readonly death: boolean;
  /** When death comes, seen or not. */
  readonly deathMonths: number;
  readonly training: boolean;
}

/** What is known of a patient on the day of the scan. */
export type AtDiagnosis = Pick<SyntheticPatient, "latent" | "age" | "sex" | "stage" | "nodal" | "ebvDna">;
export type Treatment = Pick<SyntheticPatient, "surgery" | "reirradiation" | "chemotherapy">;

/**
 * The whole clinical table; patient k does not depend on how many others there are, but for the split.
 *
 * @param hazard - another than the embedded cohort's only to solve for it
 */
export function clinicalTable(seed: number, patients: number, hazard: Hazard = known.hazard): SyntheticPatient[] {
  const width = Math.max(3, String(patients).length);
  const training = trainingRows(seed, patients);
  return Array.from({length: patients}, (_, number) => {
    const diagnosis = atDiagnosis(seed, number);
    const treatment = treatmentOf(seed, number, diagnosis);
    const risk = riskBeforeTreatment(diagnosis, hazard);
    const predictor = linearPredictor(risk, treatment);
    return {
      id: `SYN-${String(number + 1).padStart(width, "0")}`,
      number,
      ...diagnosis,
      ...treatment,
      risk,
      linearPredictor: predictor,
      ...followUpOf(seed, number, predictor, hazard),
      training: training[number]
    };
  });
}

function atDiagnosis(seed: number, number: number): AtDiagnosis {
  const latent = latentOf(seed, number);
  const random = patientRandom(seed, "clinical", number);
  const stage = cut(normalCdf(latent.stage), known.stageShares);
  return {
    latent,
    age: truncatedAge(random),
    sex: random.uniform() < known.maleShare ? "male" : "female",
    stage,
    nodal: cut(random.uniform(), known.nodalShares),
    ebvDna: ebvCopies(random, stage)
  };
}

/** Index of the class that a uniform value falls into. */
function cut(uniform: number, shares: readonly number[]): number {
  let below = 0;
  const found = shares.findIndex((share) => uniform < (below += share));
  return found < 0 ? shares.length - 1 : found;
}

function truncatedAge({normal}: RandomSource): number {
  const {mean, sd, least, most} = known.age;
  for (;;) {
    const years = Math.round(mean + sd * normal());
    if (years >= least && years <= most) return years;
  }
}

/** Log-normal where detectable, with the published mean over all patients of the stage. */
function ebvCopies({uniform, normal}: RandomSource, stage: number): number {
  const share = known.ebvDetectable[stage];
  if (uniform() >= share) return 0;
  const logMean = Math.log(known.ebvMeanCopies[stage] / share) - known.ebvLogSd ** 2 / 2;
  return Math.max(1, Math.round(Math.exp(logMean + known.ebvLogSd * normal())));
}

/** Given by stage and age, as in life: naive comparisons are confounded. */
function treatmentOf(seed: number, number: number, {stage, age}: AtDiagnosis): Treatment {
  const {uniform} = patientRandom(seed, "treatment", number);
  const years = age - known.age.mean;
  const given = (share: number, logit: number) => uniform() < shifted(share, logit);
  const surgery = given(known.surgeryShares[stage], known.ageLogit.surgery * years);
  const reirradiation = given(known.reirradiationShares[stage], known.ageLogit.reirradiation * years);
  const noLocal = surgery || reirradiation ? 0 : known.noLocalTreatmentLogit;
  const chemotherapy = given(known.chemotherapyShares[stage], known.ageLogit.chemotherapy * years + noLocal);
  return {surgery, reirradiation, chemotherapy};
}

function shifted(share: number, logit: number): number {
  const odds = (share / (1 - share)) * Math.exp(logit);
  return odds / (1 + odds);
}

/** Exactly the paper's share, drawn at random. */
function trainingRows(seed: number, patients: number): boolean[] {
  const order = cohortRandom(seed, "split").shuffle(Array.from({length: patients}, (_, k) => k));
  const training = new Set(order.slice(0, Math.round(patients * known.trainingShare)));
  return Array.from({length: patients}, (_, k) => training.has(k));
}

/** clinical.csv, its header first. */
export function clinicalCsv(patients: readonly SyntheticPatient[]): string {
  const yesNo = (value: boolean) => (value ? "yes" : "no");
  const rows = patients.map((p) => [
    p.id,
    p.age,
    p.sex,
    known.stages[p.stage],
    known.nodalStages[p.nodal],
    p.ebvDna,
    p.ebvDna > 0 ? "detectable" : "undetectable",
    yesNo(p.surgery),
    yesNo(p.reirradiation),
    yesNo(p.chemotherapy),
    p.osMonths.toFixed(1),
    p.death ? 1 : 0,
    p.training ? "training" : "test"
  ]);
  const header =
    "patient,age,sex,t_stage,n_stage,ebv_dna,ebv_group,surgery,reirradiation,chemotherapy,os_months,death,split";
  return [header, ...rows.map((row) => row.join(","))].join("\n") + "\n";
}
