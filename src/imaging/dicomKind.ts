import dicomParser, {type DataSet} from "dicom-parser";
import {Inflate} from "fflate";

/** What a DICOM file says it is, read from its beginning. */
export interface DicomKind {
  /** (0008,0060), e.g. "CT", "PT", "RTSTRUCT"; null when it stands further on, or nowhere. */
  readonly modality: string | null;
  /** SeriesInstanceUID (0020,000E). */
  readonly series: string | null;
  /** SeriesDescription (0008,103E). */
  readonly description: string | null;
}

/**
 * Modality and series of a DICOM file of which only the beginning is there.
 *
 * @param beginning - the first bytes of the file, or all
 * @returns null when it is no DICOM file (PS3.10: "DICM" at byte 128)
 */
export function dicomKind(beginning: Uint8Array): DicomKind | null {
  if (String.fromCharCode(...beginning.subarray(128, 132)) !== "DICM") return null;
  const elements = elementsToSeries(beginning);
  const text = (tag: string) => {
    try {
      return elements?.string(tag)?.replaceAll("\0", "").trim() || null;
    } catch {
      // The element is cut by the end of the beginning.
      return null;
    }
  };
  return {modality: text("x00080060"), series: text("x0020000e"), description: text("x0008103e")};
}

/** Elements up to the series' number, or as many as could be read. */
function elementsToSeries(beginning: Uint8Array): DataSet | null {
  try {
    return dicomParser.parseDicom(beginning, {untilTag: "x0020000e", inflater: inflateBeginning});
  } catch (error) {
    // What was read before the file broke off.
    return (error as {dataSet?: DataSet} | null)?.dataSet ?? null;
  }
}

function inflateBeginning(file: Uint8Array, position: number): Uint8Array {
  const parts: Uint8Array[] = [];
  const stream = new Inflate((part) => parts.push(part));
  // Not told that this is all: the stream may go on.
  stream.push(file.subarray(position), false);
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let end = 0;
  for (const part of parts) {
    whole.set(part, end);
    end += part.length;
  }
  return whole;
}
