import {binaryMask, resampleSquare, tumourSquare} from "./axialSquare.js";
import type {Preprocessing} from "./preprocessing.js";
import type {Volume} from "./volume.js";

/** The network's input of one patient. */
export interface TumourCrop {
  /** 3 × pixels × pixels, values −1 … 1: the slice below the largest, the largest, the slice above. */
  readonly pixels: Float32Array;
  /** pixels × pixels: 1 where the largest slice is tumour. */
  readonly mask: Uint8Array;
  /** Slice of largest tumour area, counted from the feet. */
  readonly slice: number;
  /** Side of the square in millimetres. */
  readonly sideMm: number;
  /** Tumour area on that slice. */
  readonly areaMm2: number;
}

/**
 * Cuts the tumour out of a volume: the axial slice of its largest area (the lowest of equals) and its two neighbours
 * (the slice itself again at the end of the volume), a square around the tumour's bounding box with a margin, resampled
 * bilinearly, clipped to the window and mapped to −1 … 1. Squares are square in millimetres, whatever the voxels are.
 *
 * @param image - the volume in any unit
 * @param mask - same grid; any value over 0.5 is tumour
 * @param unitsPerValue - factor from the volume's values to `preprocessing.unit`, e.g. Bq/ml → SUV
 * @returns null when the mask is empty
 */
export function tumourCrop(
  image: Volume,
  mask: Volume,
  preprocessing: Preprocessing,
  unitsPerValue = 1
): TumourCrop | null {
  const found = tumourSquare(mask, preprocessing);
  if (!found) return null;
  const {square, slice, areaMm2} = found;
  const area = square.pixels ** 2;
  const pixels = new Float32Array(3 * area);
  const [low, high] = preprocessing.window;
  for (let channel = 0; channel < 3; channel++) {
    const neighbour = Math.min(square.view.slices - 1, Math.max(0, slice + channel - 1));
    const values = resampleSquare(image, square, neighbour, low / unitsPerValue);
    for (let pixel = 0; pixel < area; pixel++) {
      const clipped = Math.min(high, Math.max(low, values[pixel] * unitsPerValue));
      pixels[channel * area + pixel] = (2 * (clipped - low)) / (high - low) - 1;
    }
  }
  const tumour = resampleSquare(binaryMask(mask), square, slice, 0);
  const inside = Uint8Array.from(tumour, (share) => (share > 0.5 ? 1 : 0));
  return {pixels, mask: inside, slice, sideMm: square.side, areaMm2};
}
