import {apply, inverse, product} from "./affine.js";
import {ImageError} from "./imageError.js";
import {type Grid, isInside, resampleNearest} from "./resample.js";
import {gridDifference} from "./sameGrid.js";
import type {Volume} from "./volume.js";

/** This share of the tumour may lie outside the image before the two are held not to belong together. */
const outsideTolerance = 0.01;

/**
 * The mask on the image's grid: as it is where the grids agree, else the nearest label in the patient's space. The image
 * itself is never resampled, so that its values stay what was measured.
 *
 * @param name - how messages call the mask
 * @param imageName - how they call the image
 * @returns values 0 and 1
 * @throws {ImageError} when the tumour lies outside the image, or between its voxels
 */
export function maskOnGrid(mask: Volume, image: Grid, name: string, imageName: string): Volume {
  const tumour = {...mask, data: mask.data.map((label) => (label > 0.5 ? 1 : 0))};
  if (!gridDifference(mask, image)) return {...tumour, affine: image.affine, spacing: image.spacing};
  const {inside, outside} = count(tumour, image);
  if (inside + outside === 0) return resampleNearest(tumour, image);
  if (outside > outsideTolerance * (inside + outside)) {
    const share = inside === 0 ? "the tumour" : `${((100 * outside) / (inside + outside)).toFixed(0)}% of the tumour`;
    throw new ImageError(name, `${share} lies outside ${imageName}; give the mask drawn on this patient's image.`);
  }
  const moved = resampleNearest(tumour, image);
  if (!moved.data.some((label) => label > 0)) {
    throw new ImageError(name, `the tumour is smaller than a voxel of ${imageName}; draw it on the image's own grid.`);
  }
  return moved;
}

/** Tumour voxels whose centre lies within the image, and beyond it. */
function count({dims, affine, data}: Volume, image: Grid): {inside: number; outside: number} {
  const toImage = product(inverse(image.affine), affine);
  let [inside, outside, at] = [0, 0, 0];
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++) {
        if (data[at++] === 0) continue;
        if (isInside(image.dims, ...apply(toImage, i, j, k))) inside++;
        else outside++;
      }
  return {inside, outside};
}
