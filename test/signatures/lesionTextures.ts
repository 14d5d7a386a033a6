import {philox, type RandomSource} from "../../src/numeric/random.js";

/** Streams below this one belong to the kernels. */
const textureStream = 1000;
/** Side of the noise grids in cells, from coarse to fine: the scales tumours and their texture have in a crop. */
const octaves = [3, 6, 12, 24, 48];

/**
 * Seeded images that look to a network as tumour crops do: a bright round lesion of random size and place with noise of
 * several scales over a darker noisy ground, three alike channels, values −1 … 1.
 *
 * @returns n × 3 × pixels × pixels
 */
export function lesionTextures(seed: number, n: number, pixels: number): Float32Array {
  const area = pixels * pixels;
  const images = new Float32Array(n * 3 * area);
  for (let image = 0; image < n; image++) {
    const random = philox(seed, textureStream + image);
    const amplitudes = octaves.map(() => 0.5 * random.uniform());
    const radius = pixels * (0.15 + 0.3 * random.uniform());
    const centre = [0, 1].map(() => pixels * (0.4 + 0.2 * random.uniform()));
    const [ground, lesion] = [-1 + 0.8 * random.uniform(), -0.4 + 1.2 * random.uniform()];
    const shared = noise(random, amplitudes, pixels);
    for (let channel = 0; channel < 3; channel++) {
      const own = noise(random, amplitudes, pixels);
      for (let pixel = 0; pixel < area; pixel++) {
        const away = Math.hypot((pixel % pixels) - centre[0], Math.floor(pixel / pixels) - centre[1]);
        const inside = 1 / (1 + Math.exp((away - radius) / 2));
        const texture = (0.8 * shared[pixel] + 0.4 * own[pixel]) * (0.2 + 0.8 * inside);
        const value = ground + (lesion - ground) * inside + texture;
        images[(image * 3 + channel) * area + pixel] = Math.min(1, Math.max(-1, value));
      }
    }
  }
  return images;
}

/** A sum of bilinear noise grids. */
function noise(random: RandomSource, amplitudes: readonly number[], pixels: number): Float64Array {
  const sum = new Float64Array(pixels * pixels);
  octaves.forEach((cells, octave) => {
    const side = cells + 1;
    const grid = Float64Array.from({length: side * side}, () => amplitudes[octave] * random.normal());
    for (let y = 0; y < pixels; y++) {
      const v = (y / pixels) * cells;
      const row = Math.floor(v);
      for (let x = 0; x < pixels; x++) {
        const u = (x / pixels) * cells;
        const column = Math.floor(u);
        const at = row * side + column;
        const upper = grid[at] + (u - column) * (grid[at + 1] - grid[at]);
        const lower = grid[at + side] + (u - column) * (grid[at + side + 1] - grid[at + side]);
        sum[y * pixels + x] += upper + (v - row) * (lower - upper);
      }
    }
  });
  return sum;
}
