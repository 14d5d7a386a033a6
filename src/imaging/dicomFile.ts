import {decimal, decimals, type DicomElements, text, unsigned16} from "./dicomDataSet.js";
import {ImageError} from "./imageError.js";

/** How stored pixels are laid out: PS3.3 C.7.6.3. */
export interface PixelLayout {
  readonly rows: number;
  readonly columns: number;
  readonly bitsAllocated: 8 | 16 | 32;
  readonly bitsStored: number;
  readonly signed: boolean;
}

/** Where a slice lies, in the patient's LPS millimetres. */
export interface SlicePlace {
  /** Centre of the first voxel (ImagePositionPatient). */
  readonly position: readonly [number, number, number];
  /** Unit vector along a row: the way columns count. */
  readonly alongRow: readonly [number, number, number];
  /** Unit vector along a column: the way rows count. */
  readonly alongColumn: readonly [number, number, number];
  /** Millimetres between columns and between rows. */
  readonly columnMm: number;
  readonly rowMm: number;
}

/** One file of a CT or PET series: what its header says. */
export interface DicomSlice {
  readonly file: DicomElements;
  readonly modality: string;
  readonly series: string;
  readonly seriesDescription: string | null;
  readonly frameOfReference: string | null;
  readonly layout: PixelLayout;
  readonly place: SlicePlace;
  readonly slope: number;
  readonly intercept: number;
}

/** No slice may have more pixels: 4096 × 4096. Real ones have 1024 × 1024 at most. */
export const maximumPixels = 2 ** 24;

/**
 * Reads what a single-frame CT or PET file says about itself, without its pixels.
 *
 * @throws {ImageError} when it is no such image: multi-frame, colour, without place or size
 */
export function readSlice(file: DicomElements): DicomSlice {
  const {name} = file;
  const modality = text(file, "0008,0060") ?? "unknown";
  const frames = decimal(file, "0028,0008") ?? 1;
  if (frames > 1) {
    throw new ImageError(
      name,
      `holds ${frames} frames in one file (enhanced multi-frame); export the series as one file a slice, or as NIfTI.`
    );
  }
  const layout = readLayout(file);
  const series = text(file, "0020,000E");
  if (!series) throw new ImageError(name, "has no SeriesInstanceUID (0020,000E); export the series again.");
  const slope = decimal(file, "0028,1053") ?? 1;
  if (slope === 0) throw new ImageError(name, "has RescaleSlope 0, which makes all values equal; export it again.");
  return {
    file,
    modality,
    series,
    seriesDescription: text(file, "0008,103E"),
    frameOfReference: text(file, "0020,0052"),
    layout,
    place: readPlace(file),
    slope,
    intercept: decimal(file, "0028,1052") ?? 0
  };
}

/** @throws {ImageError} when a size is missing or impossible, or the pixels are not one grey value each */
export function readLayout(file: DicomElements): PixelLayout {
  const {name} = file;
  const [rows, columns] = [unsigned16(file, "0028,0010") ?? 0, unsigned16(file, "0028,0011") ?? 0];
  if (rows === 0 || columns === 0) {
    const kind = text(file, "0008,0060") ?? "a file";
    throw new ImageError(name, `holds no image (${kind} without rows and columns); give the image series.`);
  }
  if (rows * columns > maximumPixels) {
    throw new ImageError(name, `has ${rows} × ${columns} pixels, more than any scanner writes; export it again.`);
  }
  const samples = unsigned16(file, "0028,0002") ?? 1;
  if (samples !== 1)
    throw new ImageError(name, "is a colour picture (a screen capture); give the image series itself.");
  const bitsAllocated = unsigned16(file, "0028,0100") ?? 0;
  if (bitsAllocated !== 8 && bitsAllocated !== 16 && bitsAllocated !== 32) {
    throw new ImageError(name, `has ${bitsAllocated} bits a pixel; 8, 16 and 32 can be read: export it again.`);
  }
  const bitsStored = unsigned16(file, "0028,0101") ?? bitsAllocated;
  const highBit = unsigned16(file, "0028,0102") ?? bitsStored - 1;
  if (bitsStored < 1 || bitsStored > bitsAllocated || highBit !== bitsStored - 1) {
    throw new ImageError(
      name,
      `stores ${bitsStored} bits up to bit ${highBit} of ${bitsAllocated}, which cannot be; export it again.`
    );
  }
  return {rows, columns, bitsAllocated, bitsStored, signed: unsigned16(file, "0028,0103") === 1};
}

function readPlace(file: DicomElements): SlicePlace {
  const position = decimals(file, "0020,0032");
  const orientation = decimals(file, "0020,0037");
  const spacing = decimals(file, "0028,0030");
  return placeOf(position, orientation, spacing, file.name);
}

/** @throws {ImageError} when position, orientation (two unit vectors at right angles) or spacing is missing or unsound */
export function placeOf(
  position: readonly number[] | null,
  orientation: readonly number[] | null,
  spacing: readonly number[] | null,
  name: string
): SlicePlace {
  if (position?.length !== 3) {
    throw new ImageError(name, "has no ImagePositionPatient (0020,0032), so its place is unknown; export it again.");
  }
  if (orientation?.length !== 6) {
    throw new ImageError(name, "has no ImageOrientationPatient (0020,0037); export the series again.");
  }
  if (spacing?.length !== 2 || !spacing.every((side) => side > 0)) {
    throw new ImageError(name, "has no PixelSpacing (0028,0030) above 0; export the series again.");
  }
  const [alongRow, alongColumn] = [triple(orientation), triple(orientation.slice(3))];
  const lengths = [Math.hypot(...alongRow), Math.hypot(...alongColumn)];
  const cosine = alongRow.reduce((sum, value, axis) => sum + value * alongColumn[axis], 0);
  if (lengths.some((length) => Math.abs(length - 1) > 0.01) || Math.abs(cosine) > 0.01) {
    throw new ImageError(
      name,
      "has an ImageOrientationPatient that is no pair of unit vectors at right angles; mend it."
    );
  }
  const unit = (vector: readonly number[], length: number) => triple(vector.map((value) => value / length));
  return {
    position: triple(position),
    alongRow: unit(alongRow, lengths[0]),
    alongColumn: unit(alongColumn, lengths[1]),
    // The standard gives the distance between rows first.
    columnMm: spacing[1],
    rowMm: spacing[0]
  };
}

const triple = (values: readonly number[]): [number, number, number] => [values[0], values[1], values[2]];

/** A file's SOP instance, to tell a file given twice from two files at one place. */
export const instanceOf = (slice: DicomSlice): string | null => text(slice.file, "0008,0018");
