import {determinant} from "./affine.js";
import type {Volume} from "./volume.js";

/** Volume in ml of the voxels above 0: their number × |det| of the affine's axes. */
export function maskVolume({data, affine}: Volume): number {
  let voxels = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > 0) voxels++;
  return (voxels * Math.abs(determinant(affine))) / 1000;
}
