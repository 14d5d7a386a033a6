import type {PixelLayout} from "./dicomFile.js";
import {ImageError} from "./imageError.js";
import {unpackRle} from "./rle.js";

/** One frame's compressed bytes to rows × columns pixels, little-endian, of `bitsAllocated` bits. */
export type FrameDecoder = (bytes: Uint8Array, layout: PixelLayout) => Uint8Array;

/** Gives the decoder of a transfer syntax; one is opened once and kept as long as this function is. */
export type DecoderSource = (transferSyntax: string, name: string) => Promise<FrameDecoder>;

/** What @cornerstonejs's decoders have in common. Their pixels lie in their own memory and must be copied. */
interface Codec {
  getEncodedBuffer(length: number): Uint8Array;
  getDecodedBuffer(): Uint8Array;
  decode(): void;
  getFrameInfo(): {width: number; height: number; bitsPerSample: number; componentCount: number};
  delete(): void;
}

type CodecModule = (options: object) => Promise<Readonly<Record<string, new () => Codec>>>;

/** Builds without a .wasm file beside them: one import works in Node and in a page. Loaded when first needed. */
const families = {
  jpeg2000: {decoder: "J2KDecoder", load: () => import("@cornerstonejs/codec-openjpeg/decode")},
  jpegLs: {decoder: "JpegLSDecoder", load: () => import("@cornerstonejs/codec-charls/decode")},
  jpeg: {decoder: "JPEGDecoder", load: () => import("@cornerstonejs/codec-libjpeg-turbo-8bit/decode")}
} as const;

const jpeg = "1.2.840.10008.1.2.4.";
const syntaxes: Readonly<Record<string, keyof typeof families | "lossless" | "rle">> = {
  [`${jpeg}50`]: "jpeg",
  [`${jpeg}51`]: "jpeg",
  [`${jpeg}57`]: "lossless",
  [`${jpeg}70`]: "lossless",
  [`${jpeg}80`]: "jpegLs",
  [`${jpeg}81`]: "jpegLs",
  [`${jpeg}90`]: "jpeg2000",
  [`${jpeg}91`]: "jpeg2000",
  "1.2.840.10008.1.2.5": "rle"
};

/**
 * Opens decoders as they are asked for and keeps each: make one source a series and let it go, for a decoder holds 50 MB.
 *
 * @throws {ImageError} (from the source) for a transfer syntax that is not read here
 */
export function decoderSource(): DecoderSource {
  const open = new Map<string, Promise<FrameDecoder>>();
  return (transferSyntax, name) => {
    const kind = syntaxes[transferSyntax];
    if (!kind) {
      throw new ImageError(name, `is compressed as ${transferSyntax}, which cannot be read; export it uncompressed.`);
    }
    const opened =
      open.get(kind) ??
      openDecoder(kind).catch(() => {
        throw new ImageError(name, "is compressed, and its decoder cannot be loaded; export it uncompressed.");
      });
    open.set(kind, opened);
    return opened;
  };
}

async function openDecoder(kind: (typeof syntaxes)[string]): Promise<FrameDecoder> {
  if (kind === "rle") return unpackRle;
  if (kind === "lossless") {
    const {Decoder} = await import("jpeg-lossless-decoder-js");
    return (bytes, layout) => {
      requireCodedSize(bytes, layout);
      const copy = paddedScan(bytes);
      return widened(new Uint8Array(new Decoder().decompress(copy.buffer, 0, copy.length)), layout);
    };
  }
  const {decoder, load} = families[kind];
  const module = (await load()).default as CodecModule;
  const Decoder = (await module({print: () => undefined, printErr: () => undefined}))[decoder];
  return (bytes, layout) => {
    requireCodedSize(bytes, layout);
    const codec = new Decoder();
    try {
      // CharLS reads on for ever where a damaged stream has lost its end, so every stream gets one more.
      const encoded = codec.getEncodedBuffer(bytes.length + endOfImage.length);
      encoded.set(bytes);
      encoded.set(endOfImage, bytes.length);
      codec.decode();
      return widened(codec.getDecodedBuffer(), layout);
    } finally {
      codec.delete();
    }
  };
}

/**
 * A copy with zeros before the end of image: jpeg-lossless-decoder-js looks ahead, and where it meets the marker while it
 * takes the last pixel apart it leaves that pixel out.
 */
function paddedScan(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const lookAhead = 16;
  let end = bytes.length;
  for (let at = bytes.length - 2; at >= 0 && end === bytes.length; at--) {
    if (bytes[at] === 0xff && bytes[at + 1] === 0xd9) end = at;
  }
  const copy = new Uint8Array(bytes.length + lookAhead);
  copy.set(bytes.subarray(0, end));
  copy.set(bytes.subarray(end), end + lookAhead);
  return copy;
}

/** JPEG's end of image, and zeros up to which a decoder may look ahead. */
const endOfImage = Uint8Array.of(0xff, 0xd9, ...new Uint8Array(64));

/** A copy; 8-bit samples are given the 16 bits that the header says. */
function widened(pixels: Uint8Array, {rows, columns, bitsAllocated}: PixelLayout): Uint8Array {
  if (bitsAllocated === 16 && pixels.length === rows * columns) return new Uint8Array(Uint16Array.from(pixels).buffer);
  return pixels.slice();
}

/**
 * Refuses a frame whose own header names another size than the file's, before a decoder makes room for it.
 *
 * @throws {Error} caught where the frame is decoded
 */
function requireCodedSize(bytes: Uint8Array, {rows, columns}: PixelLayout): void {
  const size = codedSize(new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength));
  if (size?.width !== columns || size.height !== rows || size.components !== 1) {
    throw new Error("The compressed frame is not of the size that the file states.");
  }
}

/** Width, height and number of components: from SIZ of JPEG 2000, from the frame header (SOF) of the other JPEGs. */
export function codedSize(view: DataView): {width: number; height: number; components: number} | null {
  const at = (byte: number) => (byte + 2 <= view.byteLength ? view.getUint16(byte) : 0);
  if (at(0) === 0xff4f && at(2) === 0xff51 && view.byteLength >= 42) {
    const extent = (byte: number) => view.getUint32(byte) - view.getUint32(byte + 8);
    return {width: extent(8), height: extent(12), components: view.getUint16(40)};
  }
  if (at(0) !== 0xffd8) return null;
  for (let marker = 2; marker + 10 <= view.byteLength; marker += 2 + Math.max(2, at(marker + 2))) {
    const code = at(marker);
    if (code >> 8 !== 0xff) return null;
    const frame = (code >= 0xffc0 && code <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(code)) || code === 0xfff7;
    if (frame) return {width: at(marker + 7), height: at(marker + 5), components: view.getUint8(marker + 9)};
  }
  return null;
}
