import dicomParser, {type DataSet, type Element} from "dicom-parser";
import {Inflate} from "fflate";
import {ImageError} from "./imageError.js";

/** A file's elements, or those of one item of a sequence. Tags are written as in the standard, e.g. "0028,0010". */
export interface DicomDataSet {
  /** As messages call the file. */
  readonly name: string;
  readonly elements: DataSet;
}

/** A DICOM file split into elements. */
export interface DicomElements extends DicomDataSet {
  readonly transferSyntax: string;
}

/** No deflated file may grow beyond this: what 4096 × 4096 pixels of 16 bits take, eight times over. */
export const maximumInflatedBytes = 2 ** 28;

const implicitLittle = "1.2.840.10008.1.2";
const deflated = "1.2.840.10008.1.2.1.99";

/**
 * Splits a DICOM file (PS3.10) into its elements. The splitting is dicom-parser's; no pixel is read yet.
 *
 * @param bytes - the file as it lies on disk
 * @param name - how messages call it
 * @throws {ImageError} when it is no DICOM file, is cut short, or is a zip
 */
export function readDicomElements(bytes: Uint8Array, name: string): DicomElements {
  refuseOtherKinds(bytes, name);
  try {
    // From the header alone: after inflating, dicom-parser no longer finds it.
    const transferSyntax = dicomParser.readPart10Header(bytes).string("x00020010")?.trim() ?? implicitLittle;
    const elements = dicomParser.parseDicom(bytes, {inflater: (file, position) => inflate(file, position, name)});
    return {name, elements, transferSyntax};
  } catch (error) {
    if (error instanceof ImageError) throw error;
    throw new ImageError(name, `is a damaged or truncated DICOM file (${reason(error)}); copy it again.`);
  }
}

/** The first bytes of a DICOM file are 128 of anything, then "DICM". */
function refuseOtherKinds(bytes: Uint8Array, name: string): void {
  const letters = (from: number, to: number) => String.fromCharCode(...bytes.subarray(from, to));
  if (letters(0, 2) === "PK") throw new ImageError(name, "is a zip archive; unpack it and give the files inside.");
  if (letters(128, 132) === "DICM") return;
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new ImageError(name, "is gzipped and no DICOM file; unpack it, or name it .nii.gz if it is NIfTI.");
  }
  throw new ImageError(name, 'is no DICOM file ("DICM" does not stand at byte 128); remove it or convert it.');
}

function inflate(file: Uint8Array, position: number, name: string): Uint8Array {
  const parts: Uint8Array[] = [];
  let length = 0;
  const stream = new Inflate((part) => {
    length += part.length;
    if (length > maximumInflatedBytes) {
      throw new ImageError(name, `unpacks to more than ${maximumInflatedBytes} bytes; write it uncompressed.`);
    }
    parts.push(part);
  });
  // In small pieces, so that a few bytes that unpack to gigabytes are stopped on the way.
  const piece = 16_384;
  for (let from = position; from < file.length; from += piece) {
    stream.push(file.subarray(from, from + piece), from + piece >= file.length);
  }
  const whole = new Uint8Array(length);
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}

function reason(error: unknown): string {
  const text = typeof error === "string" ? error : String((error as {exception?: unknown}).exception ?? error);
  return text.replace(/^.*(dicomParser|parse|read)[.\w]*:\s*/i, "").replace(/[^\x20-\x7e]+/g, " ");
}

/** Whether the file's numbers stand in little-endian order: all but one transfer syntax. */
export const isLittleEndian = (file: DicomElements): boolean => file.transferSyntax !== "1.2.840.10008.1.2.2";

/** Whether pixels stand uncompressed in the file. */
export const isUncompressed = (file: DicomElements): boolean =>
  [implicitLittle, "1.2.840.10008.1.2.1", "1.2.840.10008.1.2.2", deflated].includes(file.transferSyntax);

const key = (tag: string) => `x${tag.replace(",", "").toLowerCase()}`;

/** The element itself, undefined when it is absent. */
export function element(set: DicomDataSet, tag: string): Element | undefined {
  return set.elements.elements[key(tag)];
}

/** Text without padding; null when absent or empty. */
export function text(set: DicomDataSet, tag: string): string | null {
  const value = guarded(set, tag, () => set.elements.string(key(tag)));
  return value?.replaceAll("\0", "").trim() || null;
}

/** All values of a text element, e.g. of CorrectedImage; empty when absent. */
export function texts(set: DicomDataSet, tag: string): string[] {
  const whole = guarded(set, tag, () => {
    const found = element(set, tag);
    return found && found.length > 0 ? set.elements.text(key(tag)) : undefined;
  });
  return whole ? whole.replaceAll("\0", "").split("\\").map(trimmed) : [];
}

const trimmed = (value: string) => value.trim();

/**
 * Numbers written as text (DS, IS); null when absent or empty.
 *
 * @throws {ImageError} when one of them is no number
 */
export function decimals(set: DicomDataSet, tag: string): number[] | null {
  const values = texts(set, tag);
  if (values.every((value) => value === "")) return null;
  return values.map((value) => {
    const number = Number(value);
    if (value === "" || !Number.isFinite(number)) {
      throw new ImageError(set.name, `(${tag}) holds "${value.slice(0, 20)}", which is no number; correct the file.`);
    }
    return number;
  });
}

/** The first of `decimals`, or null. */
export const decimal = (set: DicomDataSet, tag: string): number | null => decimals(set, tag)?.[0] ?? null;

/** An unsigned 16-bit number (US); null when absent. */
export function unsigned16(set: DicomDataSet, tag: string): number | null {
  const found = element(set, tag);
  return found && found.length >= 2 ? (guarded(set, tag, () => set.elements.uint16(key(tag))) ?? null) : null;
}

/** The items of a sequence; empty when it is absent. */
export function items(set: DicomDataSet, tag: string): DicomDataSet[] {
  return (element(set, tag)?.items ?? []).flatMap(({dataSet}) =>
    dataSet ? [{name: set.name, elements: dataSet}] : []
  );
}

/** dicom-parser throws errors of its own where an element's length points beyond the file. */
function guarded<T>(set: DicomDataSet, tag: string, read: () => T): T {
  try {
    return read();
  } catch {
    throw new ImageError(set.name, `is damaged: (${tag}) cannot be read; copy the file again.`);
  }
}
