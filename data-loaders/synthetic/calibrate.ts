import {coxph} from "../../src/survival/coxph.js";
import {concordance} from "../../src/survival/index.js";
import {kaplanMeier} from "../../src/survival/kaplanMeier.js";
import {survivalAt} from "../../src/survival/survivalAt.js";
import {clinicalTable, type SyntheticPatient} from "./clinical.js";
import * as known from "./prevalences.js";
import type {Hazard} from "./survivalTimes.js";

/** Cohorts of 420 over which a C-index is averaged: none of them the embedded one. */
export const cohortSeeds = Array.from({length: 400}, (_, k) => 1000 + k);

/** What a cohort shows of its truth: age, rT and heterogeneities fitted and judged on the same patients. */
export interface CohortFigures {
  /** Kaplan–Meier at the months of `survivalTargets`. */
  readonly survival: readonly number[];
  readonly concordance: number;
  /** High v low risk, cut at the median. */
  readonly hazardRatio: number;
}

/** Survival, C-index and hazard ratio of a cohort's true predictors. */
export function cohortFigures(patients: readonly SyntheticPatient[]): CohortFigures {
  const followUp = {time: patients.map((p) => p.osMonths), event: patients.map((p) => (p.death ? 1 : 0))};
  const columns = [
    patients.map(({age}) => age),
    ...[1, 2, 3].map((stage) => patients.map((p) => (p.stage === stage ? 1 : 0))),
    patients.map(({latent}) => latent.pet),
    patients.map(({latent}) => latent.ct)
  ];
  const {coef} = coxph({...followUp, terms: Object.fromEntries(columns.map((values, k) => [`x${k}`, values]))});
  const score = patients.map((_, row) => columns.reduce((sum, values, k) => sum + coef[k] * values[row], 0));
  const middle = [...score].sort((a, b) => a - b)[patients.length >> 1];
  const high = score.map((value) => (value >= middle ? 1 : 0));
  return {
    survival: [...survivalAt(kaplanMeier(followUp), known.survivalTargets.map(({months}) => months)).survival], // prettier-ignore
    concordance: concordance({...followUp, score}).concordance,
    hazardRatio: coxph({...followUp, terms: {high}}).hazardRatio[0]
  };
}

/** Mean C-index of the true predictors over cohorts of 420. */
export function meanConcordance(hazard: Hazard, seeds: readonly number[] = cohortSeeds): number {
  return mean(seeds.map((seed) => cohortFigures(clinicalTable(seed, 420, hazard)).concordance));
}

/**
 * Solves what the generator's targets ask for: log hazard ratios of heterogeneity, in their ratio and to two digits, for the
 * intended C-index; and for each such pair the patient's Weibull hazard, so that 59% live three years and, to two digits of
 * the shape, one and five years lie as near their targets as they can.
 *
 * @param many - patients whose predictors the survival is averaged over, of seed 1
 */
export function solveHazard(many = 50_000, seeds: readonly number[] = cohortSeeds): Hazard {
  const hazardOf = (ct: number) => {
    const latents = {petLatent: rounded(known.petOverCt * ct, 2), ctLatent: rounded(ct, 2)};
    return {...latents, ...weibullFor(predictors(latents, many))};
  };
  // The C-index grows with the log hazard ratios; halving 0.3 … 0.94 six times leaves a hundredth.
  let [low, high] = [0.3, 0.94];
  for (let round = 0; round < 6; round++) {
    const middle = (low + high) / 2;
    if (meanConcordance(hazardOf(middle), seeds) < known.intendedConcordance) low = middle;
    else high = middle;
  }
  return hazardOf((low + high) / 2);
}

function predictors(latents: Pick<Hazard, "petLatent" | "ctLatent">, many: number): Float64Array {
  const patients = clinicalTable(1, many, {...latents, shape: 1, perMonth: 1});
  return Float64Array.from(patients, ({linearPredictor}) => linearPredictor);
}

/** Shape and baseline for predictors: S(t) is the mean of exp(−baseline · t^shape · e^predictor). */
function weibullFor(predictor: Float64Array): Pick<Hazard, "shape" | "perMonth"> {
  const relative = predictor.map(Math.exp);
  const survival = (cumulative: number) => mean(relative.map((hazard) => Math.exp(-cumulative * hazard)));
  const [one, three, five] = known.survivalTargets;
  let [low, high] = [0.01, 10];
  for (let round = 0; round < 40; round++) {
    const middle = Math.sqrt(low * high);
    if (survival(middle) > three.survival) low = middle;
    else high = middle;
  }
  const atThree = Math.sqrt(low * high);
  const missed = (shape: number) =>
    [one, five].reduce((sum, {months, survival: wanted}) => {
      return sum + (survival(atThree * (months / three.months) ** shape) - wanted) ** 2;
    }, 0);
  const shapes = Array.from({length: 101}, (_, k) => rounded(1 + k / 100, 2));
  const misses = shapes.map(missed);
  const shape = shapes[misses.indexOf(Math.min(...misses))];
  return {shape, perMonth: Number((atThree / three.months ** shape).toPrecision(4))};
}

const mean = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0) / values.length;
const rounded = (value: number, digits: number) => Number(value.toFixed(digits));
