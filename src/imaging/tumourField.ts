import {binaryMask, resampleSquare, tumourSquare} from "./axialSquare.js";
import type {Preprocessing} from "./preprocessing.js";
import type {Volume} from "./volume.js";

/** The tumour on its slice of largest area with what lies around it, for the eye. */
export interface TumourField {
  /** pixels × pixels in `preprocessing.unit`, not clipped; NaN outside the volume. */
  readonly values: Float64Array;
  /** pixels × pixels: 1 in the tumour. */
  readonly mask: Uint8Array;
  /** Side of the field in millimetres; the network's square lies in its middle. */
  readonly fieldMm: number;
  /** Side of the square the network sees. */
  readonly sideMm: number;
  /** Counted from the feet. */
  readonly slice: number;
  readonly areaMm2: number;
}

/**
 * The axial slice that a network sees, on a larger square with the same centre.
 *
 * @param times - side of the field over that of the network's square
 * @param unitsPerValue - factor from the volume's values to `preprocessing.unit`
 * @returns null when the mask is empty
 */
export function tumourField(
  image: Volume,
  mask: Volume,
  preprocessing: Preprocessing,
  {times, pixels, unitsPerValue}: {readonly times: number; readonly pixels: number; readonly unitsPerValue: number}
): TumourField | null {
  const found = tumourSquare(mask, preprocessing);
  if (!found) return null;
  const {square, slice, areaMm2} = found;
  const field = {...square, side: square.side * times, pixels};
  const tumour = resampleSquare(binaryMask(mask), field, slice, 0);
  return {
    values: resampleSquare(image, field, slice, NaN).map((value) => value * unitsPerValue),
    mask: Uint8Array.from(tumour, (share) => (share > 0.5 ? 1 : 0)),
    fieldMm: field.side,
    sideMm: square.side,
    slice,
    areaMm2
  };
}
