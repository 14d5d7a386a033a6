/**
 * The first three rows of the affine that a NIfTI qform stands for, row by row.
 *
 * @param quaternion - b, c, d; a follows from unit length
 * @param offset - millimetres of voxel (0, 0, 0)
 * @param pixdim - pixdim[0] is qfac (−1 flips the third axis), pixdim[1..3] the voxel sides
 * @see nifti1.h, "3D IMAGE (VOLUME) ORIENTATION AND LOCATION IN SPACE", method 2
 */
export function quaternionAffine(
  quaternion: readonly [number, number, number],
  offset: readonly [number, number, number],
  pixdim: readonly number[]
): Float64Array {
  const squared = quaternion.reduce((sum, part) => sum + part * part, 0);
  // Half-turns stored as float32 may exceed unit length by rounding: then a is 0 and the others are scaled back.
  const shrink = squared > 1 ? 1 / Math.sqrt(squared) : 1;
  const [b, c, d] = quaternion.map((part) => part * shrink);
  const a = Math.sqrt(Math.max(0, 1 - squared));
  const flip = pixdim[0] < 0 ? -1 : 1;
  const [x, y, z] = [pixdim[1], pixdim[2], pixdim[3] * flip];
  return Float64Array.of(
    (a * a + b * b - c * c - d * d) * x,
    2 * (b * c - a * d) * y,
    2 * (b * d + a * c) * z,
    offset[0],
    2 * (b * c + a * d) * x,
    (a * a + c * c - b * b - d * d) * y,
    2 * (c * d - a * b) * z,
    offset[1],
    2 * (b * d - a * c) * x,
    2 * (c * d + a * b) * y,
    (a * a + d * d - b * b - c * c) * z,
    offset[2]
  );
}
