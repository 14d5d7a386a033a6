import {createHash} from "node:crypto";
import type {SlicesFacts} from "../../src/cohort/readSlices.js";
import {packMask, packValues} from "../../src/cohort/slicePacking.js";
import {networkInput} from "../../src/imaging/networkInput.js";
import type {Preprocessing} from "../../src/imaging/preprocessing.js";
import {tumourField} from "../../src/imaging/tumourField.js";
import {codeHash} from "../pipeline/codeHash.js";
import {moduleOf, root} from "../pipeline/project.js";
import type {ImageFiles, Study} from "../study/study.js";
import {cpuSession, type NetworkSession} from "./cpuSession.js";
import type {EmbeddedPatient} from "./embedPatients.js";
import type {ModelMetadata} from "./modelMetadata.js";
import {occlusion, occlusionInfluence} from "./occlusion.js";
import {patientVolumes} from "./patientCrop.js";
import {type PatientFiles, readPatientFiles} from "./patientFiles.js";
import type {SignatureCache} from "./signatureCache.js";
import type {PackedSlice} from "./slicesTable.js";

/** Twice the network's square shows what lies around it; as fine as scanners' own pixels. */
const field = {times: 2, pixels: 96} as const;

/** Finer than the eye tells at any window, coarse enough to pack well. */
const steps = {pet: 0.02, ct: 1} as const;

/** A network with its metadata, and the patients that went through it. */
export interface SlicesAsked {
  readonly model: Uint8Array;
  readonly sha256: string;
  readonly metadata: Pick<ModelMetadata, "preprocessing" | "signature">;
  /** Aligned with the study's patients. */
  readonly patients: readonly EmbeddedPatient[];
  readonly files: readonly (ImageFiles | null)[];
  readonly cache: SignatureCache;
  readonly onPatient: (done: number) => void;
}

export function slicesFacts({metadata: {preprocessing}, sha256}: SlicesAsked): SlicesFacts {
  const {modality, unit, window} = preprocessing;
  return {modality, unit, pixels: field.pixels, step: steps[modality], window, occlusion, sha256};
}

/**
 * The slice that the network saw of every patient with a signature, and by occlusion what in it moved the signature; always on
 * the CPU. Unchanged patients come from the cache.
 */
export async function patientSlices(study: Study, asked: SlicesAsked): Promise<PackedSlice[]> {
  const {preprocessing, signature} = asked.metadata;
  const code = codeHash(moduleOf("data-loaders/signatures/patientSlices.ts"), root);
  const slices: PackedSlice[] = [];
  let session: NetworkSession | null = null;
  try {
    for (const [row, {key}] of asked.patients.entries()) {
      if (key !== null) {
        const name = keyOf([key, asked.sha256, signature.sd, code]);
        let kept = storedSlice(asked.cache.fact(name));
        if (!kept) {
          session ??= await cpuSession(asked.model, preprocessing.inputPixels);
          const files = await readPatientFiles(study.folder, preprocessing.modality, asked.files[row]!);
          kept = await sliceOf(files, preprocessing, session, signature.sd);
          asked.cache.keepFact(name, storable(kept));
        }
        slices.push({patient: study.patients[row], ...kept});
      }
      asked.onPatient(row + 1);
    }
  } finally {
    await session?.close();
  }
  return slices;
}

const keyOf = (parts: readonly unknown[]) => createHash("sha256").update(JSON.stringify(parts)).digest("hex");

type Slice = Omit<PackedSlice, "patient">;

async function sliceOf(
  files: PatientFiles,
  preprocessing: Preprocessing,
  session: NetworkSession,
  sd: number
): Promise<Slice> {
  const {image, mask} = await patientVolumes(files);
  const {unitsPerValue} = image;
  // The patient has a signature, so there is a tumour.
  const seen = networkInput(image, mask, preprocessing)!;
  const around = tumourField(image.volume, mask, preprocessing, {...field, unitsPerValue})!;
  const influence = await occlusionInfluence(session, seen.pixels, preprocessing.inputPixels);
  const {values, mask: inside, ...facts} = around;
  return {
    ...facts,
    values: packValues(values, steps[preprocessing.modality]),
    mask: packMask(inside),
    influence: influence.map((fall) => fall / sd)
  };
}

type Stored = Omit<Slice, "values" | "mask" | "influence"> & {values: string; mask: string; influence: number[]};

const storable = ({values, mask, influence, ...facts}: Slice): Stored => ({
  ...facts,
  values: Buffer.from(values).toString("base64"),
  mask: Buffer.from(mask).toString("base64"),
  influence: [...influence]
});

function storedSlice(found: unknown): Slice | null {
  if (found === undefined) return null;
  const {values, mask, influence, ...facts} = found as Stored;
  return {
    ...facts,
    values: new Uint8Array(Buffer.from(values, "base64")),
    mask: new Uint8Array(Buffer.from(mask, "base64")),
    influence: Float32Array.from(influence)
  };
}
