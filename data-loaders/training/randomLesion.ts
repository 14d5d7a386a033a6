import {type LesionStatistics, lesionStatistics} from "./lesionStatistics.js";
import {philox, type RandomSource} from "../../src/numeric/random.js";

/** What a random lesion is made from, each drawn anew. Levels are in units of the network's input (−1 … 1). */
export interface LesionParameters {
  /** SD of the mottle. */
  readonly mottle: number;
  /** Correlation length of the mottle: SD of its Gaussian, in voxels. */
  readonly length: number;
  /** How much lower the core is than the rim. */
  readonly core: number;
  /** Level of the rim above the tissue around. */
  readonly level: number;
  /** Level of the tissue around. */
  readonly tissue: number;
  /** SD of the noise all over the image. */
  readonly noise: number;
  /** In voxels. */
  readonly radius: number;
}

/** What the network learns to read off the image, in this order. */
export const lesionTargetNames = [
  "SD",
  "SD by level",
  "local SD",
  "local SD by level",
  "core",
  "core by level",
  "low by high",
  "median by high",
  "mean",
  "correlation length",
  "noise",
  "radius"
] as const;

/** Voxels left free about the lesion. */
const margin = 3;
/** Side of a voxel of the coarse grid, as of a PET or thick-sliced CT. */
const voxelMm = 2;
/** Distance of slices, in voxels of a slice. */
const sliceStep = 1.5;

/**
 * Draws parameters, broad: PET's window (SUV 0 to 20) shows bright lesions in dark tissue whose mottle grows with their
 * uptake; CT's (−160 to 240 HU) shows lesions little brighter than the tissue around.
 */
export function drawLesion({uniform}: RandomSource, modality: "pet" | "ct"): LesionParameters {
  const between = (low: number, high: number) => low + (high - low) * uniform();
  const logBetween = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const shape = {length: between(0.8, 3), radius: between(4, 14)};
  if (modality === "pet") {
    const level = logBetween(0.15, 1.8);
    const [mottle, core] = [level * between(0.02, 0.7), level * between(-0.1, 0.9)];
    return {...shape, level, mottle, core, tissue: between(-1, -0.7), noise: 0.1 * uniform() ** 2};
  }
  const [level, mottle, core] = [between(0, 0.7), logBetween(0.01, 0.45), between(-0.1, 0.5)];
  return {...shape, level, mottle, core, tissue: between(-0.2, 0.3), noise: between(0.01, 0.12)};
}

function rawTargets({length, noise, radius}: LesionParameters, seen: LesionStatistics): number[] {
  const {mean, sd, localSd, core, low, median, high} = seen;
  // −1 is the bottom of the window: SUV 0.
  const by = (value: number, level: number) => value / (level + 1.05);
  return [
    Math.log(sd + 0.005),
    Math.log(by(sd, mean) + 0.01),
    Math.log(localSd + 0.005),
    Math.log(by(localSd, mean) + 0.01),
    core,
    by(core, high),
    by(low + 1, high),
    by(median + 1, high),
    mean,
    length,
    Math.sqrt(noise),
    radius
  ];
}

/** Mean and SD of each target over many draws, by modality. */
const spreads = new Map<string, readonly {readonly mean: number; readonly sd: number}[]>();
function spreadOf(modality: "pet" | "ct") {
  const known = spreads.get(modality);
  if (known) return known;
  const draws = Array.from({length: 512}, (_, k) => rawLesion(philox(0, k), modality, 8, 72).targets);
  const spread = lesionTargetNames.map((_, j) => {
    const mean = draws.reduce((sum, draw) => sum + draw[j], 0) / draws.length;
    const variance = draws.reduce((sum, draw) => sum + (draw[j] - mean) ** 2, 0) / draws.length;
    return {mean, sd: Math.sqrt(variance)};
  });
  spreads.set(modality, spread);
  return spread;
}

/** A random lesion's image (3 × side × side, −1 … 1) and its targets, of mean 0 and SD 1 over draws. */
export function randomLesion(random: RandomSource, modality: "pet" | "ct", side: number, leastMm: number) {
  const {image, targets} = rawLesion(random, modality, side, leastMm);
  const spread = spreadOf(modality);
  return {image, targets: targets.map((value, j) => (value - spread[j].mean) / spread[j].sd)};
}

function rawLesion(random: RandomSource, modality: "pet" | "ct", side: number, leastMm: number) {
  const parameters = drawLesion(random, modality);
  const {image, statistics} = paintLesion(parameters, side, leastMm, random);
  return {image, targets: rawTargets(parameters, statistics)};
}

/**
 * Three neighbouring slices through a mottled lesion in plain tissue, as a scanner of a few millimetres would see it:
 * made on a coarse grid, blurred, noised, then resampled bilinearly to the network's input. Nothing of any study enters.
 *
 * @param side - of the image in pixels
 * @param leastMm - side of the field of view in mm; a lesion that does not fit is shrunk, as `tumourCrop` does
 * @returns the image, 3 × side × side, −1 … 1, and the statistics of the lesion without the noise
 */
export function paintLesion(
  parameters: LesionParameters,
  side: number,
  leastMm: number,
  random: RandomSource
): {image: Float32Array; statistics: LesionStatistics} {
  const {radius, level, core, mottle, length, noise, tissue} = parameters;
  const {uniform, normal} = random;
  const size = Math.max(Math.round(leastMm / voxelMm), Math.ceil(2 * (1.1 * radius + margin)));
  const area = size * size;
  const organ = organsAbout(random, size, tissue);
  const ground = smoothSlices(random, size, 4).map((slice) => slice.map((value) => tissue + 0.08 * value));
  const field = smoothSlices(random, size, length);
  const outline = smoothSlices(random, size, 3)[1];
  const [stretch, turn, depthScale] = [0.8 + 0.4 * uniform(), Math.PI * uniform(), 0.8 + 0.4 * uniform()];
  const blur = 0.3 + 1.1 * uniform();
  const [fadesFrom, fadesOver] = [0.2 + 0.25 * uniform(), 0.25 + 0.25 * uniform()];
  const distances = [0, 1, 2].map(() => new Float32Array(area));
  const shape = {size, radius, stretch, cosine: Math.cos(turn), sine: Math.sin(turn), outline};
  const slices = [0, 1, 2].map((slice) => {
    const up = ((slice - 1) * sliceStep * depthScale) / radius;
    const distance = distancesFrom(shape, up);
    distances[slice].set(distance);
    const scene = new Float32Array(area);
    for (let at = 0; at < area; at++) {
      const far = distance[at];
      if (far >= 1) scene[at] = ground[slice][at] + organ[at];
      else {
        const fade = smoothStep((1 - far - fadesFrom) / fadesOver);
        scene[at] = Math.max(-1, tissue + level + mottle * field[slice][at] - core * fade);
      }
    }
    return blurred(scene, size, blur);
  });
  const statistics = lesionStatistics({slices, distance: distances, size});
  const image = new Float32Array(3 * side * side);
  slices.forEach((slice, channel) => {
    const noisy = slice.map((value) => value + noise * normal());
    enlarge(noisy, size, image.subarray(channel * side * side), side);
  });
  return {image, statistics};
}

/** Distance from the middle of a slice, 1 at the lesion's uneven outline. */
function distancesFrom({size, radius, stretch, cosine, sine, outline}: Outline, up: number): Float64Array {
  const distance = new Float64Array(size * size);
  const middle = (size - 1) / 2;
  for (let y = 0, at = 0; y < size; y++) {
    for (let x = 0; x < size; x++, at++) {
      const dx = x - middle;
      const dy = y - middle;
      const along = (cosine * dx + sine * dy) * stretch;
      const across = (cosine * dy - sine * dx) / stretch;
      distance[at] = Math.sqrt((along ** 2 + across ** 2) / radius ** 2 + up ** 2) * (1 + 0.12 * outline[at]);
    }
  }
  return distance;
}

interface Outline {
  readonly size: number;
  readonly radius: number;
  readonly stretch: number;
  readonly cosine: number;
  readonly sine: number;
  readonly outline: Float32Array;
}

/** Up to three discs of a level of their own, above that of the tissue around. */
function organsAbout({uniform, integer}: RandomSource, size: number, tissue: number): Float32Array {
  const above = new Float32Array(size * size);
  for (let left = integer(4); left > 0; left--) {
    const [x, y, radius] = [size * uniform(), size * uniform(), 0.4 * size * uniform()];
    const level = 2 * uniform() - 1 - tissue;
    for (let at = 0; at < above.length; at++) {
      if (Math.hypot((at % size) - x, Math.floor(at / size) - y) < radius) above[at] = level;
    }
  }
  return above;
}

/** Three standardised smooth random fields, alike as neighbouring slices of one smooth volume are. */
function smoothSlices({normal}: RandomSource, size: number, sigma: number): Float32Array[] {
  const white = () => {
    const values = new Float32Array(size * size);
    for (let k = 0; k < values.length; k++) values[k] = normal();
    return blurred(values, size, sigma);
  };
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
  const along = blurredLines(values, size, kernel, sum, 1, size);
  return blurredLines(along, size, kernel, sum, size, 1);
}

/** Blurs lines of a square, whose values are `step` apart, the lines `across`. */
function blurredLines(
  from: Float32Array,
  size: number,
  kernel: Float64Array,
  sum: number,
  step: number,
  across: number
): Float32Array {
  const reach = (kernel.length - 1) / 2;
  const to = new Float32Array(from.length);
  // A line with its mirrored ends, so that the innermost loop asks for no edges.
  const line = new Float64Array(size + 2 * reach);
  for (let start = 0; start < size * across; start += across) {
    for (let at = -reach; at < size + reach; at++) {
      const folded = at < 0 ? -1 - at : at >= size ? 2 * size - 1 - at : at;
      line[at + reach] = from[start + Math.min(size - 1, Math.max(0, folded)) * step];
    }
    for (let at = 0; at < size; at++) {
      let total = 0;
      for (let k = 0; k < kernel.length; k++) total += kernel[k] * line[at + k];
      to[start + at * step] = total / sum;
    }
  }
  return to;
}

/** Bilinear, pixel centres on pixel centres, clipped to −1 … 1. */
function enlarge(from: Float32Array, size: number, to: Float32Array, side: number): void {
  const along = Array.from({length: side}, (_, pixel) => {
    const position = Math.min(size - 1, Math.max(0, ((pixel + 0.5) * size) / side - 0.5));
    const below = Math.floor(position);
    return {below, above: Math.min(size - 1, below + 1), share: position - below};
  });
  for (let y = 0; y < side; y++) {
    const row = along[y];
    const [above, below] = [row.below * size, row.above * size];
    for (let x = 0; x < side; x++) {
      const {below: left, above: right, share} = along[x];
      const upper = from[above + left] * (1 - share) + from[above + right] * share;
      const lower = from[below + left] * (1 - share) + from[below + right] * share;
      to[y * side + x] = Math.min(1, Math.max(-1, upper * (1 - row.share) + lower * row.share));
    }
  }
}

const smoothStep = (x: number) => (x <= 0 ? 0 : x >= 1 ? 1 : x * x * (3 - 2 * x));
