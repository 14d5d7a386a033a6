import type {PatientSlice, SlicesFacts} from "../../cohort/readSlices.js";

/**
 * What each point of the network's square did to the signature: the mean over the covered squares that hold the point.
 *
 * @param pixels - a side of the map
 * @returns pixels × pixels, in SD; NaN where no square came
 */
export function influenceMap(
  influence: Float32Array,
  {squares, side, stride}: SlicesFacts["occlusion"],
  pixels: number
): Float32Array {
  const holds = (share: number) =>
    Array.from({length: squares}, (_, k) => k).filter((k) => share >= k * stride && share < k * stride + side);
  const along = Array.from({length: pixels}, (_, pixel) => holds((pixel + 0.5) / pixels));
  return Float32Array.from({length: pixels * pixels}, (_, at) => {
    const [across, down] = [along[at % pixels], along[Math.floor(at / pixels)]];
    let sum = 0;
    for (const row of down) for (const column of across) sum += influence[row * squares + column];
    return sum / (across.length * down.length);
  });
}

/** The covered square that moved the signature most, and where its centre lies in millimetres from the square's centre. */
export function strongest({influence, sideMm}: PatientSlice, {squares, side, stride}: SlicesFacts["occlusion"]) {
  let at = 0;
  for (let k = 1; k < influence.length; k++) if (Math.abs(influence[k]) > Math.abs(influence[at])) at = k;
  const offset = (k: number) => (k * stride + side / 2 - 0.5) * sideMm;
  return {fall: influence[at], leftMm: offset(at % squares), backMm: offset(Math.floor(at / squares))};
}
