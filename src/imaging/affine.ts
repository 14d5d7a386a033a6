/** Voxel indices → millimetres, as `Volume.affine`. */
export type Affine = Float64Array;

/** Determinant of the part that turns and scales: the volume of a voxel in mm³, with a sign. */
export function determinant(a: ArrayLike<number>): number {
  return a[0] * (a[5] * a[10] - a[6] * a[9]) - a[1] * (a[4] * a[10] - a[6] * a[8]) + a[2] * (a[4] * a[9] - a[5] * a[8]);
}

/**
 * Millimetres → voxel indices.
 *
 * @throws {RangeError} when the axes lie in a plane: no reader here lets such a volume through
 */
export function inverse(a: Affine): Affine {
  const det = determinant(a);
  if (!(Math.abs(det) > 0)) throw new RangeError("The affine's axes lie in a plane; it has no inverse.");
  const minor = (r: number, c: number, s: number, d: number) => (a[4 * r + c] * a[4 * s + d] - a[4 * r + d] * a[4 * s + c]) / det; // prettier-ignore
  const rows = [
    [minor(1, 1, 2, 2), minor(0, 2, 2, 1), minor(0, 1, 1, 2)],
    [minor(1, 2, 2, 0), minor(0, 0, 2, 2), minor(0, 2, 1, 0)],
    [minor(1, 0, 2, 1), minor(0, 1, 2, 0), minor(0, 0, 1, 1)]
  ];
  const moved = rows.map((row) => -(row[0] * a[3] + row[1] * a[7] + row[2] * a[11]));
  return Float64Array.from([...rows.flatMap((row, k) => [...row, moved[k]]), 0, 0, 0, 1]);
}

/** First b, then a. */
export function product(a: Affine, b: Affine): Affine {
  return Float64Array.from({length: 16}, (_, at) => {
    const [row, column] = [4 * Math.floor(at / 4), at % 4];
    return [0, 1, 2, 3].reduce((sum, k) => sum + a[row + k] * b[4 * k + column], 0);
  });
}

/** Where (x, y, z) comes to lie. */
export function apply(a: Affine, x: number, y: number, z: number): [number, number, number] {
  return [
    a[0] * x + a[1] * y + a[2] * z + a[3],
    a[4] * x + a[5] * y + a[6] * z + a[7],
    a[8] * x + a[9] * y + a[10] * z + a[11]
  ];
}
