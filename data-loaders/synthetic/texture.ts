/** A box of voxels: counts along its three axes, and millimetres between them. */
export interface Box {
  readonly dims: readonly [number, number, number];
  readonly spacing: readonly [number, number, number];
}

/**
 * Blurs a field by a Gaussian, one axis after the other; beyond the box lies nothing. Makes a smooth random field of
 * white noise.
 *
 * @param sigmaMm - standard deviation of the Gaussian; the correlation length grows with it
 */
export function blurred(field: Float32Array, {dims, spacing}: Box, sigmaMm: number): Float32Array {
  const strides = [1, dims[0], dims[0] * dims[1]];
  return [0, 1, 2].reduce((values, axis) => {
    const kernel = gaussian(sigmaMm / spacing[axis]);
    return alongAxis(values, dims[axis], strides[axis], kernel);
  }, field);
}

/** Half of a symmetric kernel, the middle first; sums to 1 with its mirror. */
function gaussian(sigma: number): Float64Array {
  const half = Float64Array.from({length: Math.ceil(3 * sigma) + 1}, (_, k) => Math.exp(-0.5 * (k / sigma) ** 2));
  const sum = 2 * half.reduce((total, weight) => total + weight, 0) - half[0];
  return half.map((weight) => weight / sum);
}

/** Whole rows at a time, which lie together in memory: much faster than voxel by voxel. */
function alongAxis(field: Float32Array, length: number, stride: number, kernel: Float64Array): Float32Array {
  const out = new Float32Array(field.length);
  const block = stride * length;
  for (let start = 0; start < field.length; start += block) {
    for (let w = 0; w < kernel.length && w < length; w++) {
      const weight = kernel[w];
      const [shift, end] = [w * stride, start + block];
      for (let at = start + shift; at < end; at++) out[at] += weight * field[at - shift];
      if (w > 0) for (let at = start; at < end - shift; at++) out[at] += weight * field[at + shift];
    }
  }
  return out;
}

/**
 * Shifts and scales a field to mean 0 and SD 1 over the voxels where `inside` is 1, so that an amplitude means the same
 * in a small tumour and a large one.
 */
export function standardisedWithin(field: Float32Array, inside: Uint8Array): Float32Array {
  let [n, sum, squares] = [0, 0, 0];
  for (let k = 0; k < field.length; k++) {
    if (inside[k] === 0) continue;
    n++;
    sum += field[k];
    squares += field[k] ** 2;
  }
  const mean = sum / n;
  const sd = Math.sqrt(Math.max(squares / n - mean ** 2, 1e-12));
  return field.map((value) => (value - mean) / sd);
}
