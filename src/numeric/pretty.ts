/**
 * About `intervals` + 1 equally spaced round values that cover [low, high].
 *
 * The step is 1, 2 or 5 times a power of ten. R's own choice is reproduced, so that an axis has the ticks R draws.
 *
 * @param low - finite
 * @param high - finite, ≥ low
 * @see R `pretty(c(low, high), n = intervals)` 4.2.2; Becker, Chambers and Wilks (1988), The New S Language
 */
export function pretty(low: number, high: number, intervals = 5): Float64Array {
  const fewest = Math.floor(intervals / 3);
  const {step, decimals} = roundStep(cellWidth(low, high, intervals, fewest));
  const slack = 1e-10;
  let from = Math.floor(low / step + slack);
  let to = Math.ceil(high / step - slack);
  while (from * step > low + slack * step) from--;
  while (to * step < high - slack * step) to++;
  const short = fewest - (to - from);
  if (short > 0) [from, to] = widen(from, to, short, low, high);
  return Float64Array.from({length: to - from + 1}, (_, i) => Number(((from + i) * step).toFixed(decimals)));
}

/** Width of one interval before rounding; an empty range is opened around its value. */
function cellWidth(low: number, high: number, intervals: number, fewest: number): number {
  const width = high - low;
  const size = Math.max(Math.abs(low), Math.abs(high));
  if (size > 0 && width >= size * 1.4 * Math.max(1, intervals) * Number.EPSILON * 3) return width / intervals;
  const open = size === 0 ? 1 : size > 10 ? 9 + size / 10 : size;
  return (open * 0.75) / Math.max(1, fewest);
}

/** The 1, 2, 5 or 10 × 10ᵏ nearest to a width, with R's bias towards larger steps. */
function roundStep(cell: number): {step: number; decimals: number} {
  const [bias, biasFive] = [1.5, 2.75];
  const power = Math.floor(Math.log10(cell));
  const base = 10 ** power;
  let step = base;
  if (2 * base - cell < bias * (cell - step)) step = 2 * base;
  if (5 * base - cell < biasFive * (cell - step)) step = 5 * base;
  if (10 * base - cell < bias * (cell - step)) step = 10 * base;
  return {step, decimals: Math.min(100, Math.max(0, -power))};
}

function widen(from: number, to: number, short: number, low: number, high: number): [number, number] {
  const half = Math.floor(short / 2);
  const odd = short % 2;
  if (low === 0 && from === 0 && high !== 0) return [from, to + short];
  return from >= 0 ? [from - half - odd, to + half] : [from - half, to + half + odd];
}
