import {dicomFile, type DicomItem, type Syntax} from "./dicomWriter.js";

/** A region to be written as RTSTRUCT: contours in LPS millimetres. */
export interface DrawnRegion {
  readonly name: string;
  readonly contours: readonly (readonly number[])[];
  readonly kind?: string;
  readonly frameOfReference?: string;
}

/** An RTSTRUCT file (PS3.3 A.19), regions numbered from 7. */
export function rtStructFile(regions: readonly DrawnRegion[], syntax: Syntax = "explicit"): Uint8Array {
  const numbered = regions.map((region, k) => ({...region, number: k + 7}));
  return dicomFile(
    {
      "0008,0060": ["CS", "RTSTRUCT"],
      "3006,0020": [
        "SQ",
        numbered.map(({number, name, frameOfReference}): DicomItem => ({
          "3006,0022": ["IS", number],
          "3006,0024": ["UI", frameOfReference ?? "1.2.9"],
          "3006,0026": ["LO", name]
        }))
      ],
      // In another order than above: they belong together by number.
      "3006,0039": [
        "SQ",
        [...numbered].reverse().map(({number, contours, kind}): DicomItem => ({
          "3006,0040": [
            "SQ",
            contours.map((points): DicomItem => ({
              "3006,0042": ["CS", kind ?? "CLOSED_PLANAR"],
              "3006,0046": ["IS", points.length / 3],
              "3006,0050": ["DS", points]
            }))
          ],
          "3006,0084": ["IS", number]
        }))
      ]
    },
    syntax
  );
}

/** A segmentation to be written as SEG: frames of rows × columns, each on a plane of a segment. */
export interface Segmentation {
  readonly type: "BINARY" | "FRACTIONAL" | "LABELMAP";
  readonly columns: number;
  readonly rows: number;
  readonly segments: readonly string[];
  readonly frames: readonly SegmentFrame[];
  /** Between rows, between columns. */
  readonly spacing: readonly [number, number];
  readonly orientation: readonly number[];
  readonly bits?: 8 | 16;
  readonly maximumFraction?: number;
  readonly more?: DicomItem;
  readonly syntax?: Syntax;
  /** Written once for all frames, or in each. */
  readonly sharedGeometry?: boolean;
}

export interface SegmentFrame {
  /** Number of the segment, from 1; of no meaning in a label map. */
  readonly segment: number;
  readonly position: readonly [number, number, number];
  readonly values: readonly number[];
}

/** A SEG file (PS3.3 A.51). */
export function segFile(seg: Segmentation): Uint8Array {
  const {type, columns, rows, frames, spacing, orientation, sharedGeometry = true} = seg;
  const bits = type === "BINARY" ? 1 : (seg.bits ?? 8);
  const values = frames.flatMap((frame) => frame.values);
  const geometry: DicomItem = {
    "0020,9116": ["SQ", [{"0020,0037": ["DS", orientation]}]],
    "0028,9110": ["SQ", [{"0018,0050": ["DS", 1], "0028,0030": ["DS", spacing]}]]
  };
  const perFrame = frames.map(({segment, position}): DicomItem => ({
    ...(sharedGeometry ? {} : geometry),
    "0020,9113": ["SQ", [{"0020,0032": ["DS", position]}]],
    ...(type === "LABELMAP" ? {} : {"0062,000A": ["SQ", [{"0062,000B": ["US", segment]}]]})
  }));
  return dicomFile(
    {
      "0008,0060": ["CS", "SEG"],
      "0020,0052": ["UI", "1.2.9"],
      "0028,0002": ["US", 1],
      "0028,0008": ["IS", frames.length],
      "0028,0010": ["US", rows],
      "0028,0011": ["US", columns],
      "0028,0100": ["US", bits],
      "0028,0101": ["US", bits],
      "0028,0102": ["US", bits - 1],
      "0028,0103": ["US", 0],
      "0062,0001": ["CS", type],
      "0062,0002": [
        "SQ",
        seg.segments.map((label, k): DicomItem => ({"0062,0004": ["US", k + 1], "0062,0005": ["LO", label]}))
      ],
      ...(type === "FRACTIONAL" ? {"0062,000E": ["US", seg.maximumFraction ?? 255]} : {}),
      "5200,9229": ["SQ", [sharedGeometry ? geometry : {}]],
      "5200,9230": ["SQ", perFrame],
      "7FE0,0010": ["OB", packed(values, bits)],
      ...seg.more
    },
    seg.syntax
  );
}

/** One bit a value, the lowest bit of a byte first, frames following on within a byte; or whole bytes. */
function packed(values: readonly number[], bits: 1 | 8 | 16): Uint8Array {
  if (bits === 8) return Uint8Array.from(values);
  if (bits === 16) return new Uint8Array(Uint16Array.from(values).buffer);
  const bytes = new Uint8Array(Math.ceil(values.length / 8));
  values.forEach((value, k) => (bytes[k >> 3] |= (value ? 1 : 0) << (k & 7)));
  return bytes;
}
