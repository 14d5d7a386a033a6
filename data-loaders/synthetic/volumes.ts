import {normalCdf} from "../../src/numeric/distributions.js";
import {suvFactor, type PetFacts} from "../../src/imaging/suv.js";
import {backgroundDensity, backgroundUptake} from "./anatomy.js";
import type {SyntheticPatient} from "./clinical.js";
import {niftiBytes} from "./niftiBytes.js";
import {factsOf} from "./petFacts.js";
import {patientRandom, whiteNoise} from "./streams.js";
import {blurred, standardisedWithin} from "./texture.js";
import {grid, tumourOf, voxelCount, type Tumour} from "./tumour.js";

/** The files of a patient's scan. */
export interface PatientScan {
  readonly pet: Uint8Array;
  readonly petFacts: PetFacts;
  readonly ct: Uint8Array;
  readonly mask: Uint8Array;
}

/** How well a latent shows: the rest is chance of the tumour. A. */
const shown = 0.95;
/** Point spread of the PET scanner, SD in mm (FWHM 5 mm), and of its noise. */
const pointSpreadMm = 2.1;
const noiseMm = 1.8;
const petStep = 0.02;

/** One patient's PET (Bq/ml), CT (HU) and mask, written as files. */
export function scanOf(seed: number, patient: SyntheticPatient): PatientScan {
  const tumour = tumourOf(seed, patient);
  const random = patientRandom(seed, "scanner", patient.number);
  // From 0, the least, to 1, the most heterogeneous tumour.
  const share = (latent: number) => normalCdf(shown * latent + Math.sqrt(1 - shown ** 2) * random.normal());
  const appearance = {pet: share(patient.latent.pet), ct: share(patient.latent.ct)};
  const petFacts = factsOf(random.uniform, patient);
  const perSuv = 1 / suvFactor(petFacts, patient.id);
  const suv = petImage(seed, patient.number, tumour, appearance.pet);
  const stored = Int16Array.from(suv, (value) => Math.round(Math.max(0, value) / petStep));
  return {
    pet: niftiBytes({...grid, voxels: stored, slope: petStep * perSuv}),
    petFacts,
    ct: niftiBytes({...grid, voxels: ctImage(seed, patient.number, tumour, appearance.ct)}),
    mask: niftiBytes({...grid, voxels: tumour.mask})
  };
}

/** SUV: a rim of uptake about a core that fades, mottled the more and the coarser, the more heterogeneous it is. */
function petImage(seed: number, patient: number, tumour: Tumour, heterogeneity: number): Float32Array {
  const {mask, depth, suvMax} = tumour;
  const mottle = smoothField(seed, "petField", patient, mask, 2.5 + 2.5 * heterogeneity);
  const amplitude = 0.05 + 0.5 * heterogeneity;
  const necrosis = 0.75 * heterogeneity;
  const uptake = new Float32Array(voxelCount);
  let highest = 0;
  for (let voxel = 0; voxel < voxelCount; voxel++) {
    if (mask[voxel] === 0) continue;
    const core = smoothStep((depth[voxel] - 0.35) / 0.35);
    uptake[voxel] = Math.max(0.1, (1 + amplitude * mottle[voxel]) * (1 - necrosis * core));
    highest = Math.max(highest, uptake[voxel]);
  }
  const background = backgroundUptake();
  const scene = uptake.map((value, voxel) => (mask[voxel] ? (value / highest) * suvMax : background[voxel]));
  const seen = blurred(scene, grid, pointSpreadMm);
  let peak = 0;
  for (let voxel = 0; voxel < voxelCount; voxel++) if (mask[voxel]) peak = Math.max(peak, seen[voxel]);
  const noise = standardised(blurred(whiteNoise(seed, "petNoise", patient, voxelCount), grid, noiseMm));
  // The scanner blurs the maximum down; SUVmax is what it shows.
  return seen.map((value, voxel) => {
    const suv = mask[voxel] ? (value * suvMax) / peak : value;
    return suv + noise[voxel] * (0.02 + 0.05 * Math.sqrt(Math.max(0, suv)));
  });
}

/** HU: enhancing tumour in soft tissue, its density the more uneven, the more heterogeneous it is. */
function ctImage(seed: number, patient: number, tumour: Tumour, heterogeneity: number): Int16Array {
  const {mask, depth} = tumour;
  const mottle = smoothField(seed, "ctField", patient, mask, 2 + 2 * heterogeneity);
  const amplitude = 5 + 45 * heterogeneity;
  const enhancement = 85 + 10 * patientRandom(seed, "enhancement", patient).normal();
  const anatomy = backgroundDensity();
  const noise = whiteNoise(seed, "ctNoise", patient, voxelCount);
  return Int16Array.from(mask, (inside, voxel) => {
    const core = smoothStep((depth[voxel] - 0.35) / 0.35);
    const density = inside ? enhancement + amplitude * mottle[voxel] - 50 * heterogeneity * core : anatomy[voxel];
    return Math.round(Math.max(-1024, density + 9 * noise[voxel]));
  });
}

/** A random field of mean 0 and SD 1 in the tumour. */
function smoothField(
  seed: number,
  purpose: "petField" | "ctField",
  patient: number,
  mask: Uint8Array,
  sigmaMm: number
): Float32Array {
  return standardisedWithin(blurred(whiteNoise(seed, purpose, patient, voxelCount), grid, sigmaMm), mask);
}

const everywhere = new Uint8Array(voxelCount).fill(1);
const standardised = (field: Float32Array) => standardisedWithin(field, everywhere);

const smoothStep = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
