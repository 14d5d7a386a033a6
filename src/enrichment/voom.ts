import {lowess} from "../numeric/lowess.js";
import type {ExpressionMatrix} from "./expressionMatrix.js";
import {linearModel} from "./linearModel.js";
import type {Design} from "./linearModel.js";

/** log₂ counts per million with the precision of each, and the trend it was read from. */
export interface Voom {
  readonly expression: ExpressionMatrix;
  /** Aligned with the values. */
  readonly weights: Float64Array;
  /** √ standard deviation over log₂ count: by gene, and the smooth trend. */
  readonly trend: {
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly lineX: Float64Array;
    readonly lineY: Float64Array;
  };
}

/**
 * Precision weights of counts by the trend of their variance with the mean.
 *
 * @param effective - effective library sizes, length samples
 * @see R `limma::voom(counts, design, lib.size, span = 0.5)` 3.54.1; Law et al. (2014), Genome Biol 15:R29
 */
export function voom(counts: ExpressionMatrix, design: Design, effective: Float64Array): Voom {
  const {genes, samples, values} = counts;
  const n = samples.length;
  const logs = values.map((count, i) => Math.log2(((count + 0.5) / (effective[i % n] + 1)) * 1e6));
  const expression = {genes, samples, values: logs};
  const fit = linearModel(expression, design);
  const shift = effective.reduce((sum, size) => sum + Math.log2(size + 1), 0) / n - Math.log2(1e6);
  const expressed = genes.flatMap((_, g) => (values.subarray(g * n, (g + 1) * n).some((v) => v !== 0) ? [g] : []));
  const x = Float64Array.from(expressed, (g) => fit.meanExpression[g] + shift);
  const y = Float64Array.from(expressed, (g) => Math.sqrt(fit.sigma[g]));
  const line = lowess(x, y, 0.5);
  const at = interpolation(line.x, line.y);
  const p = design.columns.length;
  const weights = new Float64Array(logs.length);
  const offset = effective.map((size) => Math.log2(size + 1) - Math.log2(1e6));
  for (let g = 0; g < genes.length; g++)
    for (let s = 0; s < n; s++) {
      let fitted = offset[s];
      for (let j = 0; j < p; j++) fitted += fit.coefficients[g * p + j] * design.columns[j][s];
      const square = at(fitted) ** 2;
      weights[g * n + s] = 1 / (square * square);
    }
  return {expression, weights, trend: {x, y, lineX: line.x, lineY: line.y}};
}

/** Straight lines between points, level beyond them; equal x have their mean y. R `approxfun(rule = 2)`. */
function interpolation(x: Float64Array, y: Float64Array): (at: number) => number {
  const [knots, values]: number[][] = [[], []];
  for (let first = 0; first < x.length;) {
    let [end, sum] = [first, 0];
    while (end < x.length && x[end] === x[first]) sum += y[end++];
    knots.push(x[first]);
    values.push(sum / (end - first));
    first = end;
  }
  const last = knots.length - 1;
  return (at) => {
    if (at <= knots[0]) return values[0];
    if (at >= knots[last]) return values[last];
    let [low, high] = [0, last];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (knots[middle] <= at) low = middle;
      else high = middle;
    }
    return values[low] + ((values[high] - values[low]) * (at - knots[low])) / (knots[high] - knots[low]);
  };
}
