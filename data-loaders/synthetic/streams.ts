import {philox, philox4x32, type RandomSource} from "../../src/numeric/random.js";

/** What a patient's random numbers are for: each purpose has a stream of its own, so no order of work matters. */
const purposes = [
  "latent",
  "clinical",
  "treatment",
  "survival",
  "tumour",
  "scanner",
  "enhancement",
  "expression",
  "shapeField",
  "petField",
  "ctField",
  "petNoise",
  "ctNoise",
  // Added last: the streams of the others keep their numbers.
  "events"
] as const;
export type Purpose = (typeof purposes)[number];

const cohortPurposes = ["split", "sequenced", "genes", "geneSets"] as const;

const perPurpose = 2 ** 32;

function streamOf(purpose: Purpose, patient: number): number {
  return (1 + purposes.indexOf(purpose)) * perPurpose + patient;
}

/** @param patient - its number from 0 */
export function patientRandom(seed: number, purpose: Purpose, patient: number): RandomSource {
  return philox(seed, streamOf(purpose, patient));
}

/** Random numbers of what concerns no single patient. */
export function cohortRandom(seed: number, purpose: (typeof cohortPurposes)[number]): RandomSource {
  return philox(seed, cohortPurposes.indexOf(purpose));
}

/** Sum of four 8-bit parts: mean 4 · 127.5, variance 4 · (256² − 1) / 12. */
const noiseMean = 510;
const noiseSd = Math.sqrt((65_536 - 1) / 3);

/**
 * White noise for voxels, mean 0, SD 1: a word a value, the sum of its four bytes, near enough to normal under any blur
 * and many times faster than inversion.
 */
export function whiteNoise(seed: number, purpose: Purpose, patient: number, length: number): Float32Array {
  const stream = streamOf(purpose, patient);
  const key = [seed >>> 0, Math.floor(seed / perPurpose)];
  const counter = new Uint32Array([0, 0, stream >>> 0, Math.floor(stream / perPurpose)]);
  const block = new Uint32Array(4);
  const values = new Float32Array(length);
  for (let k = 0; k < length; k += 4) {
    philox4x32(counter, key, block);
    counter[0]++;
    for (let w = 0; w < 4 && k + w < length; w++) {
      const word = block[w];
      const sum = (word & 255) + ((word >>> 8) & 255) + ((word >>> 16) & 255) + (word >>> 24);
      values[k + w] = (sum - noiseMean) / noiseSd;
    }
  }
  return values;
}
