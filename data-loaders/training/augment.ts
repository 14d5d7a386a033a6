import type {RandomSource} from "../../src/numeric/random.js";

/** How far an image may be changed; all zero changes nothing. */
export interface AugmentOptions {
  /** Mirror left–right and top–bottom, and swap the outer slices, each every other time. */
  readonly flips: boolean;
  /** Degrees to either side. */
  readonly rotation: number;
  /** Share of the side, in either direction. */
  readonly shift: number;
  /** Largest change of contrast as a share, and of level in units of the input (−1 … 1). */
  readonly contrast: number;
  readonly level: number;
}

/** What a tumour may look like on another day, on another table. Intensities carry SUV and HU: they move little. */
export const defaultAugmentation: AugmentOptions = {
  flips: true,
  rotation: 180,
  shift: 0.06,
  contrast: 0.05,
  level: 0.03
};

export const noAugmentation: AugmentOptions = {flips: false, rotation: 0, shift: 0, contrast: 0, level: 0};

/**
 * A changed copy of an image, resampled bilinearly; beyond its edge the image goes on as at the edge.
 *
 * @param image - 3 × side × side, −1 … 1
 * @returns the same shape and range
 */
export function augment(
  image: Float32Array,
  side: number,
  {flips, rotation, shift, contrast, level}: AugmentOptions,
  {uniform}: RandomSource
): Float32Array {
  const around = (most: number) => most * (2 * uniform() - 1);
  const [mirrorX, mirrorY, mirrorZ] = [0, 1, 2].map(() => (flips && uniform() < 0.5 ? -1 : 1));
  const angle = (around(rotation) * Math.PI) / 180;
  const [right, down] = [around(shift) * side, around(shift) * side];
  const [gain, offset] = [1 + around(contrast), around(level)];
  const [cosine, sine] = [Math.cos(angle), Math.sin(angle)];
  const area = side * side;
  const middle = (side - 1) / 2;
  const changed = new Float32Array(image.length);
  for (let y = 0; y < side; y++) {
    for (let x = 0; x < side; x++) {
      const [dx, dy] = [mirrorX * (x - middle), mirrorY * (y - middle)];
      const column = held(cosine * dx - sine * dy + middle + right, side);
      const row = held(sine * dx + cosine * dy + middle + down, side);
      const [left, top] = [Math.floor(column), Math.floor(row)];
      const [far, low] = [Math.min(side - 1, left + 1), Math.min(side - 1, top + 1)];
      const [across, along] = [column - left, row - top];
      for (let channel = 0; channel < 3; channel++) {
        const slice = (mirrorZ < 0 ? 2 - channel : channel) * area;
        const at = (r: number, c: number) => image[slice + r * side + c];
        const upper = at(top, left) * (1 - across) + at(top, far) * across;
        const lower = at(low, left) * (1 - across) + at(low, far) * across;
        const value = upper * (1 - along) + lower * along;
        changed[channel * area + y * side + x] = Math.min(1, Math.max(-1, gain * value + offset));
      }
    }
  }
  return changed;
}

function held(position: number, side: number): number {
  return Math.min(side - 1, Math.max(0, position));
}
