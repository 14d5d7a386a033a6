import type {Volume} from "./volume.js";

/** Volume in ml of the voxels above 0: their number × |det| of the affine's axes. */
export function maskVolume({data, affine: a}: Volume): number {
  let voxels = 0;
  for (let i = 0; i < data.length; i++) if (data[i] > 0) voxels++;
  const cubicMillimetres = Math.abs(
    a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) + a[2] * (a[4] * a[9] - a[5] * a[8])
  );
  return (voxels * cubicMillimetres) / 1000;
}
