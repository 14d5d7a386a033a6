/** Standard error of an estimate from its n influence values: their standard deviation over √n. */
export function standardErrorOfMean(influence: Float64Array): number {
  const n = influence.length;
  let mean = 0;
  for (const v of influence) mean += v / n;
  let square = 0;
  for (const v of influence) square += (v - mean) ** 2;
  return Math.sqrt(square / (n - 1) / n);
}
