/** A lesion on three neighbouring square slices, before noise: what its statistics are taken of. */
export interface PaintedLesion {
  /** Slices of size × size, levels −1 … 1 and beyond. */
  readonly slices: readonly Float32Array[];
  /** By slice and pixel: distance from the middle, 1 at the lesion's surface. */
  readonly distance: readonly Float32Array[];
  readonly size: number;
}

/** First-order statistics of a lesion's levels, all slices together. */
export interface LesionStatistics {
  readonly mean: number;
  readonly sd: number;
  /** SD of what is left after the level nearby is taken away: texture without gradient or core. */
  readonly localSd: number;
  /** Mean of the outer part minus mean of the inner. */
  readonly core: number;
  /** Levels that 5, 50 and 95% lie below. */
  readonly low: number;
  readonly median: number;
  readonly high: number;
}

/** Pixels to either side that count as nearby. */
const nearby = 3;
/** Distance from the middle that parts inner and outer. */
const inner = 0.5;
const outer = 0.7;

/**
 * What a radiologist's first-order statistics say of a lesion, its outline known.
 *
 * @see Zwanenburg et al. (2020), Radiology 295:328–338 (IBSI), intensity-based statistics
 */
export function lesionStatistics({slices, distance, size}: PaintedLesion): LesionStatistics {
  const levels: number[] = [];
  const parts = {inner: [] as number[], outer: [] as number[]};
  let squares = 0;
  slices.forEach((slice, s) => {
    const far = distance[s];
    const around = levelNearby(slice, far, size);
    for (let at = 0; at < slice.length; at++) {
      if (far[at] >= 1) continue;
      levels.push(slice[at]);
      squares += (slice[at] - around[at]) ** 2;
      if (far[at] < inner) parts.inner.push(slice[at]);
      else if (far[at] > outer) parts.outer.push(slice[at]);
    }
  });
  levels.sort((a, b) => a - b);
  const below = (share: number) => levels[Math.floor(share * (levels.length - 1))];
  const mean = meanOf(levels);
  return {
    mean,
    sd: Math.sqrt(meanOf(levels.map((level) => (level - mean) ** 2))),
    localSd: Math.sqrt(squares / levels.length),
    core: parts.inner.length > 0 && parts.outer.length > 0 ? meanOf(parts.outer) - meanOf(parts.inner) : 0,
    low: below(0.05),
    median: below(0.5),
    high: below(0.95)
  };
}

/** Mean level of the lesion's pixels in a square about each, by running sums along rows and columns. */
function levelNearby(slice: Float32Array, distance: Float32Array, size: number): Float32Array {
  const inside = distance.map((far) => (far < 1 ? 1 : 0));
  const sums = box(slice.map((level, at) => level * inside[at]), size); // prettier-ignore
  const counts = box(inside, size);
  return sums.map((sum, at) => sum / Math.max(1, counts[at]));
}

function box(values: Float32Array, size: number): Float32Array {
  const pass = (from: Float32Array, step: number, across: number) => {
    const to = new Float32Array(from.length);
    for (let line = 0; line < size; line++) {
      for (let at = 0; at < size; at++) {
        for (let k = Math.max(0, at - nearby); k <= Math.min(size - 1, at + nearby); k++)
          to[line * across + at * step] += from[line * across + k * step];
      }
    }
    return to;
  };
  return pass(pass(values, 1, size), size, 1);
}

const meanOf = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
