import type {DecoderSource, FrameDecoder} from "./dicomCodecs.js";
import {type DicomElements, element, isLittleEndian, isUncompressed} from "./dicomDataSet.js";
import type {PixelLayout} from "./dicomFile.js";
import {ImageError} from "./imageError.js";

/** Stored values, before slope and intercept. */
export type StoredValues = Uint8Array | Int8Array | Uint16Array | Int16Array | Uint32Array | Int32Array;

/**
 * The stored values of a file's frames, compressed or not.
 *
 * @param file - as split into elements
 * @param layout - rows, columns and bits, as the header says
 * @param decoders - see `decoderSource`
 * @param frames - number of frames, 1 for a slice
 * @returns one array of rows × columns values a frame
 * @throws {ImageError} when there are no pixels, or fewer than the header asks for, or in a compression not known here
 */
export async function storedFrames(
  file: DicomElements,
  layout: PixelLayout,
  decoders: DecoderSource,
  frames = 1
): Promise<StoredValues[]> {
  if (isUncompressed(file)) {
    const length = (layout.rows * layout.columns * layout.bitsAllocated) / 8;
    const bytes = pixelBytes(file, length * frames);
    const little = isLittleEndian(file);
    return Array.from({length: frames}, (_, frame) =>
      typed(bytes.subarray(frame * length, (frame + 1) * length), layout, little)
    );
  }
  // A few bytes may not ask for gigabytes: an image with anything in it is never packed 1 : 1000.
  if (layout.rows * layout.columns * frames > 1000 * file.elements.byteArray.length) {
    throw new ImageError(file.name, "is far too short for the size that it states; copy the file again.");
  }
  const compressed = compressedFrames(file, frames);
  const decode = await decoders(file.transferSyntax, file.name);
  return compressed.map((bytes) => typed(decodeWhole(decode, bytes, layout, file.name), layout, true));
}

/** Uncompressed pixel data, at least as long as asked for. */
export function pixelBytes(file: DicomElements, needed: number): Uint8Array {
  const found = element(file, "7FE0,0010");
  if (!found || found.length === 0) throw new ImageError(file.name, "holds no pixels (7FE0,0010); export it again.");
  const bytes = file.elements.byteArray.subarray(found.dataOffset, found.dataOffset + found.length);
  if (bytes.length < needed) {
    throw new ImageError(
      file.name,
      `truncated: its header asks for ${needed} bytes of pixels, ${bytes.length} are there; copy the file again.`
    );
  }
  return bytes.subarray(0, needed);
}

/** Each frame's compressed bytes: one fragment a frame, or as the offset table says. */
function compressedFrames(file: DicomElements, frames: number): Uint8Array[] {
  const found = element(file, "7FE0,0010");
  const fragments = found?.fragments ?? [];
  if (!found || fragments.length === 0) {
    throw new ImageError(file.name, "holds no compressed pixels (7FE0,0010); export it again.");
  }
  const table = found.basicOffsetTable ?? [];
  const frameOf = (offset: number) => table.filter((start) => start <= offset).length - 1;
  const gathered: Uint8Array[][] = Array.from({length: frames}, () => []);
  fragments.forEach(({position, length, offset}, k) => {
    const frame = frames === 1 ? 0 : fragments.length === frames ? k : table.length === frames ? frameOf(offset) : -1;
    gathered[frame]?.push(file.elements.byteArray.subarray(position, position + length));
  });
  const missing = gathered.findIndex((parts) => parts.length === 0);
  if (missing >= 0) {
    throw new ImageError(file.name, `holds no pixels for frame ${missing + 1} of ${frames}; export it again.`);
  }
  return gathered.map(joined);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  if (parts.length === 1) return parts[0];
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function decodeWhole(decode: FrameDecoder, bytes: Uint8Array, layout: PixelLayout, name: string): Uint8Array {
  const needed = (layout.rows * layout.columns * layout.bitsAllocated) / 8;
  let pixels: Uint8Array;
  try {
    pixels = decode(bytes, layout);
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(name, "holds compressed pixels that cannot be unpacked; copy or export the file again.");
  }
  if (pixels.length !== needed) {
    throw new ImageError(name, `unpacks to ${pixels.length} bytes of pixels, not ${needed}; export the file again.`);
  }
  return pixels;
}

/** Little- or big-endian bytes as numbers; bits above the stored ones are cut off, or follow the sign. */
function typed(bytes: Uint8Array, {bitsAllocated, bitsStored, signed}: PixelLayout, little: boolean): StoredValues {
  const width = bitsAllocated / 8;
  const count = bytes.length / width;
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const spare = bitsAllocated - bitsStored;
  // Shifted to the top of 32 bits and back: what lies above the stored bits falls off.
  const shift = 32 - bitsStored;
  const values = empty(bitsAllocated, signed, count);
  for (let k = 0; k < count; k++) {
    const raw =
      width === 1 ? view.getUint8(k) : width === 2 ? view.getUint16(2 * k, little) : view.getUint32(4 * k, little);
    values[k] = spare === 0 ? raw : signed ? (raw << shift) >> shift : (raw << shift) >>> shift;
  }
  return values;
}

function empty(bits: PixelLayout["bitsAllocated"], signed: boolean, count: number): StoredValues {
  if (bits === 8) return signed ? new Int8Array(count) : new Uint8Array(count);
  if (bits === 16) return signed ? new Int16Array(count) : new Uint16Array(count);
  return signed ? new Int32Array(count) : new Uint32Array(count);
}
