import type {ImageBytes} from "../../src/imaging/dicomSeries.js";
import {dicomFile, type DicomItem, encapsulated, type Syntax} from "./dicomWriter.js";

/** A small series whose stored value is a function of the place in LPS millimetres. */
export interface Phantom {
  readonly modality?: string;
  readonly columns?: number;
  readonly rows?: number;
  readonly slices?: number;
  /** Between columns, between rows, between slices. */
  readonly spacing?: readonly [number, number, number];
  /** LPS of the first voxel of the first slice. */
  readonly origin?: readonly [number, number, number];
  /** Row direction, then column direction. */
  readonly orientation?: readonly number[];
  readonly value?: (x: number, y: number, z: number) => number;
  readonly slope?: (slice: number) => number;
  readonly intercept?: number;
  readonly bits?: 8 | 16 | 32;
  readonly signed?: boolean;
  readonly syntax?: Syntax;
  /** Compresses one slice's little-endian pixels. */
  readonly compress?: (pixels: Uint8Array) => Uint8Array;
  /** More elements of every file, or of one slice. */
  readonly more?: DicomItem | ((slice: number) => DicomItem);
}

/** The files, in an order that is not that of the slices: instance numbers lie. */
export function phantomSeries(phantom: Phantom = {}): ImageBytes[] {
  const count = phantom.slices ?? 4;
  const files = Array.from({length: count}, (_, slice) => ({
    name: `s/${slice}.dcm`,
    bytes: dicomFile(phantomItems(phantom, slice), phantom.syntax)
  }));
  // A fixed shuffle: the odd ones backwards, then the even ones.
  return [...files.filter((_, k) => k % 2 === 1).reverse(), ...files.filter((_, k) => k % 2 === 0)];
}

/** The elements of one slice. */
export function phantomItems(phantom: Phantom, slice: number): DicomItem {
  const {columns = 5, rows = 4, spacing = [2, 3, 4], origin = [-10, -20, 30], bits = 16, signed = false} = phantom;
  const orientation = phantom.orientation ?? [1, 0, 0, 0, 1, 0];
  const [r, c] = [orientation.slice(0, 3), orientation.slice(3)];
  const normal = [r[1] * c[2] - r[2] * c[1], r[2] * c[0] - r[0] * c[2], r[0] * c[1] - r[1] * c[0]];
  const position = origin.map((at, axis) => at + slice * spacing[2] * normal[axis]);
  const value = phantom.value ?? ((x, y, z) => Math.round(100 + x + 2 * y + 3 * z));
  const bytes = bits / 8;
  const pixels = new Uint8Array(columns * rows * bytes);
  const little = phantom.syntax !== "bigEndian";
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      const at = (axis: number) => position[axis] + column * spacing[0] * r[axis] + row * spacing[1] * c[axis];
      const stored = value(at(0), at(1), at(2));
      for (let k = 0; k < bytes; k++) {
        const place = (row * columns + column) * bytes + (little ? k : bytes - 1 - k);
        pixels[place] = Math.floor(stored / 256 ** k) & 255;
      }
    }
  const more = typeof phantom.more === "function" ? phantom.more(slice) : (phantom.more ?? {});
  return {
    "0008,0018": ["UI", `1.2.3.${slice + 1}`],
    "0008,0060": ["CS", phantom.modality ?? "CT"],
    "0008,103E": ["LO", "Phantom"],
    "0020,000E": ["UI", "1.2.3"],
    "0020,0013": ["IS", 100 - ((7 * slice) % 5)],
    "0020,0032": ["DS", position],
    "0020,0037": ["DS", orientation],
    "0020,0052": ["UI", "1.2.9"],
    "0028,0002": ["US", 1],
    "0028,0010": ["US", rows],
    "0028,0011": ["US", columns],
    "0028,0030": ["DS", [spacing[1], spacing[0]]],
    "0028,0100": ["US", bits],
    "0028,0101": ["US", bits],
    "0028,0102": ["US", bits - 1],
    "0028,0103": ["US", signed ? 1 : 0],
    "0028,1052": ["DS", phantom.intercept ?? 0],
    "0028,1053": ["DS", phantom.slope?.(slice) ?? 1],
    "7FE0,0010": phantom.compress ? ["OB", encapsulated([phantom.compress(pixels)])] : ["OW", pixels],
    ...more
  };
}

/**
 * The kinds of headers of the IBSI test objects for SUV (oncoray/suv_computation), written anew. The patient: W = 80 kg,
 * H = 1.80 m; D = 400 MBq, T½ = 6588 s; injected at 10:00:00, series and first slice at 11:00:00, frames of T = 120 s.
 */
export const injected: DicomItem = {
  "0018,1072": ["TM", "100000.00"],
  "0018,1074": ["DS", 400000000],
  "0018,1075": ["DS", 6588],
  "0018,1078": ["DT", "20230510100000.00"]
};
export const petHeader: DicomItem = {
  "0008,0021": ["DA", "20230510"],
  "0008,0022": ["DA", "20230510"],
  "0008,0031": ["TM", "110000"],
  "0008,0032": ["TM", "110000"],
  "0010,0040": ["CS", "M"],
  "0010,1020": ["DS", 1.8],
  "0010,1030": ["DS", 80],
  "0018,1242": ["IS", 120000],
  "0028,0051": ["CS", "DECY\\ATTN\\SCAT"],
  "0054,0016": ["SQ", [injected]],
  "0054,1001": ["CS", "BQML"],
  "0054,1102": ["CS", "START"],
  "0054,1300": ["DS", 59937]
};
