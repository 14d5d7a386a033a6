import {mkdir, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {clinicalCsv, clinicalTable, type SyntheticPatient} from "./clinical.js";
import {eventsCsv} from "./events.js";
import {countsTsv, sequenced} from "./expression.js";
import {geneSets, gmt} from "./geneSets.js";
import {studyJson} from "./studyJson.js";
import {scanOf} from "./volumes.js";

/** The cohort's own seed, not chosen by its results (README.md); another gives another cohort of the same kind. */
export const embeddedSeed = 20220601;

export interface EmbeddedStudyOptions {
  /** Default 420, as many as in the paper. */
  readonly patients?: number;
  readonly seed?: number;
  /** After each patient's images. */
  readonly onProgress?: (done: number, of: number) => void;
}

/**
 * Writes the embedded synthetic cohort as an ordinary study folder: clinical table, dated events, PET and CT with masks, RNA-seq
 * counts, gene sets and study.json. Equal options give equal bytes. `truth/` holds what generated it and is named
 * nowhere in study.json.
 *
 * @param folder - made if it is not there; files of the same name are written over
 * @throws {RangeError} if `patients` is not a whole number of at least 1
 */
export async function writeEmbeddedStudy(
  folder: string,
  {patients: count = 420, seed = embeddedSeed, onProgress}: EmbeddedStudyOptions = {}
): Promise<void> {
  if (!Number.isInteger(count) || count < 1)
    throw new RangeError(`The synthetic study needs a whole number of patients, at least 1; got ${count}.`);
  const patients = clinicalTable(seed, count);
  const sets = geneSets(seed);
  await mkdir(join(folder, "images"), {recursive: true});
  await mkdir(join(folder, "truth"), {recursive: true});
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  await write("clinical.csv", clinicalCsv(patients));
  await write("events.csv", eventsCsv(seed, patients));
  await write("counts.tsv", countsTsv(seed, sequenced(seed, patients), sets));
  await write("genesets.gmt", gmt(sets));
  await write("truth/latent.csv", truthCsv(patients));
  for (const [done, patient] of patients.entries()) {
    const scan = scanOf(seed, patient);
    const name = `images/${patient.id}`;
    await Promise.all([
      write(`${name}_pet.nii.gz`, scan.pet),
      write(`${name}_pet.json`, JSON.stringify(scan.petFacts, null, 2) + "\n"),
      write(`${name}_ct.nii.gz`, scan.ct),
      write(`${name}_mask.nii.gz`, scan.mask)
    ]);
    onProgress?.(done + 1, count);
  }
  // Last, so that a folder cut short is no study.
  await write("study.json", JSON.stringify(studyJson, null, 2) + "\n");
}

/** What generated each patient: for checking what the loaders recover, never read by them. */
function truthCsv(patients: readonly SyntheticPatient[]): string {
  const rows = patients.map(({id, latent, risk, linearPredictor}) =>
    [id, ...[latent.pet, latent.ct, risk, linearPredictor].map((value) => value.toFixed(6))].join(",")
  );
  return ["patient,pet_latent,ct_latent,risk_before_treatment,linear_predictor", ...rows].join("\n") + "\n";
}
