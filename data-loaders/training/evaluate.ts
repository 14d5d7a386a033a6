import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import type {Difference, Judged} from "../../src/cohort/trainingLog.js";
import {compareConcordance, concordance} from "../../src/survival/index.js";
import type {Study} from "../study/study.js";

/** Harrell's C of a score over some rows of a study, those without score or follow-up left out; higher is riskier. */
export function judged(
  study: Study,
  endpoint: string,
  rows: readonly number[],
  score: ArrayLike<number>,
  {signature, set}: {readonly signature: string; readonly set: string}
): Judged {
  const {survival, pick} = outcomes(study, endpoint, rows, [score]);
  const result = concordance({...survival, score: pick(score)});
  const {n, events, lower, upper} = result;
  return {signature, set, n, events, concordance: result.concordance, lower, upper};
}

/** C of `score` minus C of `reference`, over the rows that have both. */
export function differenceOf(
  study: Study,
  endpoint: string,
  rows: readonly number[],
  {score, reference}: {readonly score: ArrayLike<number>; readonly reference: ArrayLike<number>},
  {than, set}: {readonly than: string; readonly set: string}
): Difference {
  const {survival, pick} = outcomes(study, endpoint, rows, [score, reference]);
  const compared = compareConcordance({...survival, score: pick(score), reference: pick(reference)});
  const {difference, lower, upper} = compared;
  return {than, set, difference, lower, upper};
}

/** Follow-up of the rows that have it and every score, and how to take their values out of a column. */
function outcomes(study: Study, endpoint: string, rows: readonly number[], scores: readonly ArrayLike<number>[]) {
  const {time, event, entry} = study.followUp[endpoint];
  const scored = rows.filter((row) => scores.every((score) => Number.isFinite(score[row])));
  const used = scored.filter((row) => Number.isFinite(time[row]) && event[row] >= 0);
  const pick = (values: ArrayLike<number>) => Float64Array.from(used, (row) => values[row]);
  // A competing event is censored at its time, as in training.
  const happened = Uint8Array.from(used, (row) => (event[row] === 1 ? 1 : 0));
  return {survival: {time: pick(time), event: happened, ...(entry ? {entry: pick(entry)} : {})}, pick};
}

/** What generated a synthetic study, by patient: a ceiling for what images can tell. Never read in training. */
export function trueHeterogeneity(study: Study, modality: "pet" | "ct"): Float64Array | null {
  const file = join(study.folder, "truth", "latent.csv");
  if (!study.synthetic || !existsSync(file)) return null;
  const [header, ...lines] = readFileSync(file, "utf8").trim().split("\n").map((line) => line.split(",")); // prettier-ignore
  const column = header.indexOf(`${modality}_latent`);
  const byPatient = new Map(lines.map((line) => [line[0], Number(line[column])]));
  return Float64Array.from(study.patients, (patient) => byPatient.get(patient) ?? NaN);
}

/** Pearson's correlation over the rows where both are known. */
export function correlation(a: ArrayLike<number>, b: ArrayLike<number>, rows: readonly number[]): number {
  const used = rows.filter((row) => Number.isFinite(a[row]) && Number.isFinite(b[row]));
  const mean = (values: ArrayLike<number>) => used.reduce((sum, row) => sum + values[row], 0) / used.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squaresA, squaresB] = [0, 0, 0];
  for (const row of used) {
    both += (a[row] - meanA) * (b[row] - meanB);
    squaresA += (a[row] - meanA) ** 2;
    squaresB += (b[row] - meanB) ** 2;
  }
  return both / Math.sqrt(squaresA * squaresB);
}
