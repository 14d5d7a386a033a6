import {existsSync, readFileSync} from "node:fs";
import {join} from "node:path";
import {concordance} from "../../src/survival/index.js";
import type {Study} from "../study/study.js";

/** A C-index with its 95% interval, and whom it was taken over. */
export interface Judged {
  /** In words: "trained network", "untrained baseline", … */
  readonly signature: string;
  readonly set: string;
  readonly n: number;
  readonly events: number;
  readonly concordance: number;
  readonly lower: number;
  readonly upper: number;
}

/** Harrell's C of a score over some rows of a study, those without score or follow-up left out; higher is riskier. */
export function judged(
  study: Study,
  endpoint: string,
  rows: readonly number[],
  score: ArrayLike<number>,
  {signature, set}: {readonly signature: string; readonly set: string}
): Judged {
  const {time, event, entry} = study.followUp[endpoint];
  const used = rows.filter((row) => Number.isFinite(score[row]) && Number.isFinite(time[row]) && event[row] >= 0);
  const pick = (values: ArrayLike<number>) => Float64Array.from(used, (row) => values[row]);
  const result = concordance({
    time: pick(time),
    // A competing event is censored at its time, as in training.
    event: Uint8Array.from(used, (row) => (event[row] === 1 ? 1 : 0)),
    ...(entry ? {entry: pick(entry)} : {}),
    score: pick(score)
  });
  const {n, events, lower, upper} = result;
  return {signature, set, n, events, concordance: result.concordance, lower, upper};
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
