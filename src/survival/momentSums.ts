import {triangle} from "./momentBlocks.js";
import type {CellMoments} from "./momentBlocks.js";
import type {CellSums} from "./cellSums.js";

/**
 * Fills the sums of cells from moments: log(m + ε) is log m + ε/m − ε²/2m², and over the events of a block the ε about the mean
 * risk m add up to 0.
 */
export function sumMoments(moments: CellMoments, risk: Float64Array, into: CellSums): void {
  const {cells, blocks, deaths, mean, products} = moments;
  if (cells === 2) return sumTwoMoments(moments, risk, into);
  if (cells === 4) return sumFourMoments(moments, risk, into);
  const {share, product} = into;
  const width = triangle(cells);
  share.fill(0);
  product.fill(0);
  const [part, scale, row, half] = [0, 0, 0, 0].map(() => new Float64Array(cells));
  let [logs, squares] = [0, 0];
  for (let b = 0, at = 0, first = 0; b < blocks; b++, at += cells, first += width) {
    let denominator = 0;
    for (let c = 0; c < cells; c++) denominator += mean[at + c] * risk[c];
    const d = deaths[b];
    logs += d * Math.log(denominator);
    for (let c = 0; c < cells; c++) {
      scale[c] = risk[c] / denominator;
      part[c] = mean[at + c] * scale[c];
      row[c] = 0;
    }
    let square = 0;
    for (let c = 0, p = first; c < cells; c++, p++) {
      for (let e = 0; e < c; e++, p++) {
        const v = products[p] * scale[c] * scale[e];
        product[c * cells + e] += v;
        row[c] += v;
        row[e] += v;
      }
      const v = products[p] * scale[c] * scale[c];
      product[c * cells + c] += v;
      row[c] += v;
    }
    for (let c = 0; c < cells; c++) square += row[c];
    squares += square;
    for (let c = 0; c < cells; c++) {
      share[c] += (d + square) * part[c] - row[c];
      half[c] = ((d + 3 * square) / 2) * part[c] - 2 * row[c];
      for (let e = 0; e <= c; e++) product[c * cells + e] += part[c] * half[e] + half[c] * part[e];
    }
  }
  into.logDenominators = logs - squares / 2;
  into.third = null;
}

/** The same for two cells: loops of a few steps take longer than what they do. */
function sumTwoMoments({blocks, deaths, mean, products}: CellMoments, risk: Float64Array, into: CellSums): void {
  const [r0, r1] = risk;
  let [logs, squares, third, s0, s1, p00, p10, p11] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let b = 0, m = 0, q = 0; b < blocks; b++, m += 2, q += 3) {
    const d = deaths[b];
    const denominator = mean[m] * r0 + mean[m + 1] * r1;
    logs += d * Math.log(denominator);
    const y0 = r0 / denominator;
    const y1 = r1 / denominator;
    const a0 = mean[m] * y0;
    const a1 = mean[m + 1] * y1;
    // Needed to fewer figures than what else is summed.
    third += d * a0 * a1 * (a0 - a1);
    const v00 = products[q] * y0 * y0;
    const v10 = products[q + 1] * y0 * y1;
    const v11 = products[q + 2] * y1 * y1;
    const w0 = v00 + v10;
    const w1 = v10 + v11;
    const square = w0 + w1;
    squares += square;
    const more = d + square;
    const half = (d + 3 * square) / 2;
    s0 += more * a0 - w0;
    s1 += more * a1 - w1;
    const h0 = half * a0 - 2 * w0;
    const h1 = half * a1 - 2 * w1;
    p00 += v00 + 2 * a0 * h0;
    p10 += v10 + a1 * h0 + h1 * a0;
    p11 += v11 + 2 * a1 * h1;
  }
  into.share.set([s0, s1]);
  into.product.set([p00, 0, p10, p11]);
  into.logDenominators = logs - squares / 2;
  into.third = third;
}

/** The same for four, as two groups in two levels have. */
function sumFourMoments({blocks, deaths, mean, products}: CellMoments, risk: Float64Array, into: CellSums): void {
  const [r0, r1, r2, r3] = risk;
  let [logs, squares, s0, s1, s2, s3] = [0, 0, 0, 0, 0, 0];
  let [p00, p10, p11, p20, p21, p22, p30, p31, p32, p33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let b = 0, m = 0, q = 0; b < blocks; b++, m += 4, q += 10) {
    const d = deaths[b];
    const denominator = mean[m] * r0 + mean[m + 1] * r1 + mean[m + 2] * r2 + mean[m + 3] * r3;
    logs += d * Math.log(denominator);
    const inverse = 1 / denominator;
    const y0 = r0 * inverse;
    const y1 = r1 * inverse;
    const y2 = r2 * inverse;
    const y3 = r3 * inverse;
    const a0 = mean[m] * y0;
    const a1 = mean[m + 1] * y1;
    const a2 = mean[m + 2] * y2;
    const a3 = mean[m + 3] * y3;
    const v00 = products[q] * y0 * y0;
    const v10 = products[q + 1] * y1 * y0;
    const v11 = products[q + 2] * y1 * y1;
    const v20 = products[q + 3] * y2 * y0;
    const v21 = products[q + 4] * y2 * y1;
    const v22 = products[q + 5] * y2 * y2;
    const v30 = products[q + 6] * y3 * y0;
    const v31 = products[q + 7] * y3 * y1;
    const v32 = products[q + 8] * y3 * y2;
    const v33 = products[q + 9] * y3 * y3;
    const w0 = v00 + v10 + v20 + v30;
    const w1 = v10 + v11 + v21 + v31;
    const w2 = v20 + v21 + v22 + v32;
    const w3 = v30 + v31 + v32 + v33;
    const square = w0 + w1 + w2 + w3;
    squares += square;
    const more = d + square;
    s0 += more * a0 - w0;
    s1 += more * a1 - w1;
    s2 += more * a2 - w2;
    s3 += more * a3 - w3;
    const half = (d + 3 * square) / 2;
    const h0 = half * a0 - 2 * w0;
    const h1 = half * a1 - 2 * w1;
    const h2 = half * a2 - 2 * w2;
    const h3 = half * a3 - 2 * w3;
    p00 += v00 + 2 * a0 * h0;
    p10 += v10 + a1 * h0 + h1 * a0;
    p11 += v11 + 2 * a1 * h1;
    p20 += v20 + a2 * h0 + h2 * a0;
    p21 += v21 + a2 * h1 + h2 * a1;
    p22 += v22 + 2 * a2 * h2;
    p30 += v30 + a3 * h0 + h3 * a0;
    p31 += v31 + a3 * h1 + h3 * a1;
    p32 += v32 + a3 * h2 + h3 * a2;
    p33 += v33 + 2 * a3 * h3;
  }
  into.share.set([s0, s1, s2, s3]);
  into.product.set([p00, 0, 0, 0, p10, p11, 0, 0, p20, p21, p22, 0, p30, p31, p32, p33]);
  into.logDenominators = logs - squares / 2;
  into.third = null;
}
