import {apply, inverse} from "./affine.js";
import {decimal, decimals, type DicomDataSet, type DicomElements, items, text} from "./dicomDataSet.js";
import {chooseRegion} from "./chooseRegion.js";
import {ImageError} from "./imageError.js";
import type {Grid} from "./resample.js";
import {fillContours} from "./fillContours.js";
import type {Volume} from "./volume.js";

/** A region drawn by hand: its contours, each a closed polygon in a plane. */
export interface Structure {
  readonly number: number;
  readonly name: string;
  readonly frameOfReference: string | null;
  /** LPS millimetres, x y z of one point after another. */
  readonly contours: readonly (readonly number[])[];
}

/** A contour within the image: voxel coordinates of its points, and the slice (not whole) it lies on. */
export interface PlanarContour {
  readonly slice: number;
  /** Columns and rows of one point after another. */
  readonly points: readonly (readonly [number, number])[];
}

/**
 * The regions of an RTSTRUCT file, without those that have no closed contour.
 *
 * @throws {ImageError} when the file is no RTSTRUCT, or a contour is no list of points
 */
export function readStructures(file: DicomElements): Structure[] {
  const modality = text(file, "0008,0060");
  if (modality !== "RTSTRUCT") {
    throw new ImageError(file.name, `is ${modality ?? "no image"} and no RTSTRUCT; give the file with the contours.`);
  }
  const drawn = new Map(items(file, "3006,0039").map((roi) => [decimal(roi, "3006,0084"), roi]));
  return items(file, "3006,0020").flatMap((roi) => {
    const number = decimal(roi, "3006,0022");
    const contours = number === null ? null : drawn.get(number);
    const closed = contours ? closedContours(contours) : [];
    if (number === null || closed.length === 0) return [];
    const name = text(roi, "3006,0026") ?? `ROI ${number}`;
    return [{number, name, frameOfReference: text(roi, "3006,0024"), contours: closed}];
  });
}

/** Points and open lines enclose nothing. */
function closedContours(roi: DicomDataSet): number[][] {
  return items(roi, "3006,0040").flatMap((contour) => {
    const kind = text(contour, "3006,0042") ?? "CLOSED_PLANAR";
    if (!kind.startsWith("CLOSED_PLANAR")) return [];
    const points = decimals(contour, "3006,0050") ?? [];
    if (points.length % 3 !== 0) {
      throw new ImageError(roi.name, `a contour has ${points.length} numbers, not three a point; export it again.`);
    }
    return points.length >= 9 ? [points] : [];
  });
}

/**
 * One region of an RTSTRUCT as a mask on the image's grid: 1 where a voxel's centre lies within the contours, holes cut
 * out (contours of a plane are joined by exclusive or).
 *
 * Each slice takes the contours of the nearest plane, no further off than half the distance between planes or slices,
 * whichever is larger: so contours drawn on another series' slices are read too.
 *
 * @param image - the grid; its frame of reference, where known, must be that of the contours
 * @param wanted - the region's name, any case; null where there is only one
 * @throws {ImageError} when there is no such region, several to choose from, contours across the image's slices, or none
 *   within the image
 */
export function structureMask(
  file: DicomElements,
  image: Grid & {readonly frameOfReference?: string | null},
  wanted: string | null = null
): Volume {
  const structure = chooseRegion(readStructures(file), wanted, file.name, "contours");
  const {frameOfReference: frame} = structure;
  if (frame && image.frameOfReference && frame !== image.frameOfReference) {
    throw new ImageError(
      file.name,
      `"${structure.name}" was drawn in another frame of reference than the image's; give the contours of this image.`
    );
  }
  const contours = structure.contours.map((points) => onSlice(points, image, `${file.name}: "${structure.name}"`));
  const data = fillContours(contours, image.dims);
  if (!data.some((label) => label > 0)) {
    throw new ImageError(file.name, `"${structure.name}" lies outside the image; give the contours of this image.`);
  }
  return {dims: image.dims, spacing: image.spacing, affine: image.affine, data};
}

function onSlice(lps: readonly number[], {affine, spacing}: Grid, name: string): PlanarContour {
  const toVoxel = inverse(affine);
  const points: [number, number][] = [];
  let [lowest, highest] = [Infinity, -Infinity];
  for (let k = 0; k < lps.length; k += 3) {
    const [i, j, slice] = apply(toVoxel, -lps[k], -lps[k + 1], lps[k + 2]);
    points.push([i, j]);
    lowest = Math.min(lowest, slice);
    highest = Math.max(highest, slice);
  }
  // Half a slice, and never less than half a millimetre: contours are written with few digits.
  if (highest - lowest > Math.max(0.5, 0.5 / spacing[2])) {
    throw new ImageError(name, "a contour runs across the image's slices; export the contours for this image.");
  }
  return {slice: (lowest + highest) / 2, points};
}
