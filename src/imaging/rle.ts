import type {PixelLayout} from "./dicomFile.js";

/**
 * Unpacks one frame of DICOM's RLE: PackBits, a segment for each byte of a pixel, the highest byte first.
 *
 * @throws {Error} when the segments are not those of the layout
 * @see DICOM PS3.5, annex G
 */
export function unpackRle(bytes: Uint8Array, {rows, columns, bitsAllocated}: PixelLayout): Uint8Array {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const width = bitsAllocated / 8;
  if (bytes.length < 64 || view.getUint32(0, true) !== width) throw new Error("The number of segments is wrong.");
  const pixels = new Uint8Array(rows * columns * width);
  for (let segment = 0; segment < width; segment++) {
    const from = view.getUint32(4 + 4 * segment, true);
    const to = segment + 1 < width ? view.getUint32(8 + 4 * segment, true) : bytes.length;
    unpackSegment(bytes.subarray(from, to), pixels, width - 1 - segment, width);
  }
  return pixels;
}

/** Writes a segment's bytes into every `stride`-th place from `first`. */
function unpackSegment(packed: Uint8Array, pixels: Uint8Array, first: number, stride: number): void {
  let at = 0;
  let to = first;
  while (to < pixels.length) {
    if (at + 1 >= packed.length) throw new Error("A segment ends too early.");
    const control = packed[at++];
    if (control === 128) continue;
    const repeated = control > 128;
    const count = repeated ? 257 - control : control + 1;
    for (let k = 0; k < count && to < pixels.length; k++, to += stride) pixels[to] = packed[repeated ? at : at + k];
    at += repeated ? 1 : count;
  }
}
