import {philox, type RandomSource} from "../../src/numeric/random.js";

/** What a random lesion was made from, each drawn anew. Levels are in units of the network's input (−1 … 1). */
export interface LesionParameters {
  /** SD of the mottle. */
  readonly mottle: number;
  /** Correlation length of the mottle: SD of its Gaussian, in voxels. */
  readonly length: number;
  /** How much lower the core is than the rim. */
  readonly core: number;
  /** Level of the rim above the tissue around. */
  readonly level: number;
  /** SD of the noise all over the image. */
  readonly noise: number;
  /** In voxels. */
  readonly radius: number;
}

/** What the network learns to read off the image, in this order. */
export const lesionTargetNames = [
  "mottle",
  "mottle by level",
  "correlation length",
  "core",
  "core by level",
  "level",
  "noise",
  "radius"
] as const;

/** Voxels left free about the lesion. */
const margin = 3;
/** Side of a voxel of the coarse grid, as of a PET or thick-sliced CT. */
const voxelMm = 2;
/** Distance of slices, in voxels of a slice. */
const sliceStep = 1.5;

/** Draws parameters: broad, so that images of either modality lie within; mottle and core by level, or of any level. */
export function drawLesion({uniform}: RandomSource): LesionParameters {
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const level = between(0.1, 1.7);
  const byLevel = uniform() < 0.5;
  return {
    mottle: byLevel ? level * between(0.02, 0.7) : Math.exp(between(Math.log(0.01), Math.log(0.45))),
    length: between(0.8, 3),
    core: byLevel ? level * between(-0.1, 0.9) : between(-0.1, 0.5),
    level,
    noise: 0.1 * uniform() ** 2,
    radius: between(4, 14)
  };
}

const share = (value: number, level: number) => value / (level + 0.2);

function rawTargets({mottle, length, core, level, noise, radius}: LesionParameters): number[] {
  const [absolute, relative] = [Math.log(mottle + 0.01), Math.log(share(mottle, level) + 0.02)];
  return [absolute, relative, length, core, share(core, level), level, Math.sqrt(noise), radius];
}

/** Mean and SD of each target over many draws. */
const spread = (() => {
  const draws = Array.from({length: 4096}, (_, k) => rawTargets(drawLesion(philox(0, k))));
  return lesionTargetNames.map((_, j) => {
    const mean = draws.reduce((sum, draw) => sum + draw[j], 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw[j] - mean) ** 2, 0) / draws.length;
    return {mean, sd: Math.sqrt(variance)};
  });
})();

/** The targets of mean 0 and SD 1 over draws. */
export function lesionTargets(parameters: LesionParameters): number[] {
  return rawTargets(parameters).map((value, j) => (value - spread[j].mean) / spread[j].sd);
}

/**
 * Three neighbouring slices through a mottled lesion in plain tissue, as a scanner of a few millimetres would see it:
 * made on a coarse grid, blurred, noised, then resampled bilinearly to the network's input. Nothing of any study enters.
 *
 * @param side - of the image in pixels
 * @param leastMm - side of the field of view in mm; a lesion that does not fit is shrunk, as `tumourCrop` does
 * @returns 3 × side × side, −1 … 1
 */
export function paintLesion(
  parameters: LesionParameters,
  side: number,
  leastMm: number,
  random: RandomSource
): Float32Array {
  const {radius, level, core, mottle, length, noise} = parameters;
  const {uniform, normal} = random;
  const size = Math.max(Math.round(leastMm / voxelMm), Math.ceil(2 * (1.1 * radius + margin)));
  const area = size * size;
  // About dark surroundings, as in PET, or grey ones, as in CT.
  const tissue = uniform() < 0.5 ? -1 + 0.4 * uniform() : -0.2 + 0.5 * uniform();
  const organs = Array.from({length: random.integer(4)}, () => ({
    x: size * uniform(),
    y: size * uniform(),
    radius: 0.4 * size * uniform(),
    level: 2 * uniform() - 1
  }));
  const ground = smoothSlices(random, size, 4).map((slice) => slice.map((value) => tissue + 0.08 * value));
  const field = smoothSlices(random, size, length);
  const outline = smoothSlices(random, size, 3)[1];
  const [stretch, turn, depthScale] = [0.8 + 0.4 * uniform(), Math.PI * uniform(), 0.8 + 0.4 * uniform()];
  const blur = 0.3 + 1.1 * uniform();
  const slices = [0, 1, 2].map((slice) => {
    const up = ((slice - 1) * sliceStep * depthScale) / radius;
    const scene = new Float32Array(area);
    for (let y = 0; y < size; y++) {
      for (let x = 0; x < size; x++) {
        const at = y * size + x;
        const [dx, dy] = [x - (size - 1) / 2, y - (size - 1) / 2];
        const along = (Math.cos(turn) * dx + Math.sin(turn) * dy) * stretch;
        const across = (Math.cos(turn) * dy - Math.sin(turn) * dx) / stretch;
        const distance = Math.hypot(along / radius, across / radius, up) * (1 + 0.12 * outline[at]);
        if (distance >= 1) {
          const organ = organs.find((disc) => Math.hypot(x - disc.x, y - disc.y) < disc.radius);
          scene[at] = ground[slice][at] + (organ ? organ.level - tissue : 0);
          continue;
        }
        const fade = smoothStep((1 - distance - 0.3) / 0.4);
        scene[at] = Math.max(-1, tissue + level + mottle * field[slice][at] - core * fade);
      }
    }
    return blurred(scene, size, blur).map((value) => value + noise * normal());
  });
  const image = new Float32Array(3 * side * side);
  slices.forEach((slice, channel) => enlarge(slice, size, image.subarray(channel * side * side), side));
  return image;
}

/** Three standardised smooth random fields, alike as neighbouring slices of one smooth volume are. */
function smoothSlices({normal}: RandomSource, size: number, sigma: number): Float32Array[] {
  const white = () => blurred(Float32Array.from({length: size * size}, normal), size, sigma);
  const alike = Math.exp(-(sliceStep ** 2) / (4 * sigma ** 2));
  const middle = standardised(white());
  const beside = () => {
    const own = standardised(white());
    return middle.map((value, k) => alike * value + Math.sqrt(1 - alike ** 2) * own[k]);
  };
  return [beside(), middle, beside()];
}

function standardised(values: Float32Array): Float32Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return values.map((value) => (value - mean) / sd);
}

/** Gaussian blur of a square, mirrored at its edges. */
function blurred(values: Float32Array, size: number, sigma: number): Float32Array {
  const reach = Math.ceil(2.5 * sigma);
  const kernel = Float64Array.from({length: 2 * reach + 1}, (_, k) => Math.exp(-0.5 * ((k - reach) / sigma) ** 2));
  const sum = kernel.reduce((total, weight) => total + weight, 0);
  const mirror = (at: number) => {
    const folded = at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at;
    return Math.min(size - 1, Math.max(0, folded));
  };
  const pass = (from: Float32Array, step: number, across: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < size; line++) {
      for (let at = 0; at < size; at++) {
        let total = 0;
        for (let k = -reach; k <= reach; k++) total += kernel[k + reach] * from[line * across + mirror(at + k) * step];
        to[line * across + at * step] = total / sum;
      }
    }
    return to;
  };
  return pass(pass(values, 1, size), size, 1);
}

/** Bilinear, pixel centres on pixel centres, clipped to −1 … 1. */
function enlarge(from: Float32Array, size: number, to: Float32Array, side: number): void {
  const along = Array.from({length: side}, (_, pixel) => {
    const position = Math.min(size - 1, Math.max(0, ((pixel + 0.5) * size) / side - 0.5));
    const below = Math.floor(position);
    return {below, above: Math.min(size - 1, below + 1), share: position - below};
  });
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [row, column] = [along[y], along[x]];
      const at = (r: number, c: number) => from[r * size + c];
      const upper = at(row.below, column.below) * (1 - column.share) + at(row.below, column.above) * column.share;
      const lower = at(row.above, column.below) * (1 - column.share) + at(row.above, column.above) * column.share;
      to[y * side + x] = Math.min(1, Math.max(-1, upper * (1 - row.share) + lower * row.share));
    }
  }
}

const smoothStep = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
