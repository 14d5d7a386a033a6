import {deflateRawSync} from "node:zlib";

/**
 * A DICOM file to be written element by element from PS3.5 and PS3.10, independently of the reader.
 *
 * Keys are tags ("0028,0010"), each with its VR and its value: text, numbers, bytes, or items of a sequence.
 */
export type DicomValue = string | number | readonly number[] | Uint8Array | readonly DicomItem[];
export type DicomItem = Readonly<Record<string, readonly [vr: string, value: DicomValue]>>;

export const syntaxes = {
  implicit: "1.2.840.10008.1.2",
  explicit: "1.2.840.10008.1.2.1",
  deflated: "1.2.840.10008.1.2.1.99",
  bigEndian: "1.2.840.10008.1.2.2",
  rle: "1.2.840.10008.1.2.5",
  jpegBaseline: "1.2.840.10008.1.2.4.50",
  jpegLossless: "1.2.840.10008.1.2.4.70",
  jpegLs: "1.2.840.10008.1.2.4.80",
  jpeg2000: "1.2.840.10008.1.2.4.90",
  mpeg4: "1.2.840.10008.1.2.4.102"
} as const;
export type Syntax = keyof typeof syntaxes;

const longVrs = ["OB", "OD", "OF", "OL", "OW", "SQ", "UC", "UN", "UR", "UT"];

/** One file: 128 zeros, "DICM", the meta group (always explicit little-endian), the data set. */
export function dicomFile(items: DicomItem, syntax: Syntax = "explicit"): Uint8Array {
  const meta = dataSet({"0002,0010": ["UI", syntaxes[syntax]]}, {implicit: false, little: true});
  const length = element("0002,0000", "UL", meta.length, {implicit: false, little: true});
  const body = dataSet(items, {implicit: syntax === "implicit", little: syntax !== "bigEndian"});
  const stored = syntax === "deflated" ? new Uint8Array(deflateRawSync(body)) : body;
  return join([new Uint8Array(128), ascii("DICM"), length, meta, stored]);
}

/** Frames as encapsulated pixel data (PS3.5 A.4): an empty offset table, a fragment a frame, a delimiter. */
export function encapsulated(frames: readonly Uint8Array[]): Uint8Array {
  const item = (bytes: Uint8Array) =>
    join([Uint8Array.of(0xfe, 0xff, 0x00, 0xe0), number(bytes.length + (bytes.length % 2), 4, true), even(bytes, 0)]);
  return join([item(new Uint8Array(0)), ...frames.map(item), Uint8Array.of(0xfe, 0xff, 0xdd, 0xe0, 0, 0, 0, 0)]);
}

interface Manner {
  readonly implicit: boolean;
  readonly little: boolean;
}

function dataSet(items: DicomItem, manner: Manner): Uint8Array {
  const sorted = Object.keys(items).sort();
  return join(sorted.map((tag) => element(tag, items[tag][0], items[tag][1], manner)));
}

function element(tag: string, vr: string, value: DicomValue, manner: Manner): Uint8Array {
  const [group, number16] = tag.split(",").map((part) => parseInt(part, 16));
  const bytes = valueBytes(vr, value, manner);
  // Encapsulated pixels have no stated length.
  const undefinedLength = vr === "OB" && bytes[0] === 0xfe && bytes[1] === 0xff;
  const length = undefinedLength ? 0xffffffff : bytes.length;
  const head = [number(group, 2, manner.little), number(number16, 2, manner.little)];
  if (manner.implicit) return join([...head, number(length, 4, manner.little), bytes]);
  if (longVrs.includes(vr))
    return join([...head, ascii(vr), new Uint8Array(2), number(length, 4, manner.little), bytes]);
  return join([...head, ascii(vr), number(length, 2, manner.little), bytes]);
}

const widths: Readonly<Record<string, number>> = {US: 2, SS: 2, UL: 4, SL: 4, OW: 2};

function valueBytes(vr: string, value: DicomValue, manner: Manner): Uint8Array {
  if (value instanceof Uint8Array) return even(value, 0);
  if (vr === "SQ") {
    const sequence = (value as readonly DicomItem[]).map((item) => dataSet(item, manner));
    return join(
      sequence.flatMap((item) => [
        number(0xfffe, 2, manner.little),
        number(0xe000, 2, manner.little),
        number(item.length, 4, manner.little),
        item
      ])
    );
  }
  if (widths[vr]) return join([value as number | number[]].flat().map((n) => number(n, widths[vr], manner.little)));
  const written = Array.isArray(value) ? value.join("\\") : String(value);
  return even(ascii(written), vr === "UI" ? 0 : 32);
}

function number(value: number, bytes: number, little: boolean): Uint8Array {
  const written = new Uint8Array(bytes);
  for (let k = 0; k < bytes; k++) written[little ? k : bytes - 1 - k] = Math.floor(value / 256 ** k) & 255;
  return written;
}

const ascii = (text: string) => Uint8Array.from(text, (letter) => letter.charCodeAt(0));

function even(bytes: Uint8Array, padding: number): Uint8Array {
  return bytes.length % 2 === 0 ? bytes : join([bytes, Uint8Array.of(padding)]);
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
