/** Rows [from, to) of `width` values, a multiple of four. */
export interface Span {
  readonly width: number;
  readonly from: number;
  readonly to: number;
}

/** Adds Σ w x x′ over some rows: width × width, its lower triangle. Sums are kept four by four, which no array holds meanwhile. */
export function addProducts(x: Float64Array, weight: Float64Array, span: Span, products: Float64Array): void {
  for (let i = 0; i < span.width; i += 4) {
    for (let j = 0; j < i; j += 4) addApart(x, weight, span, i, j, products);
    addOwn(x, weight, span, i, products);
  }
}

/** Four columns with themselves. */
function addOwn(
  x: Float64Array,
  weight: Float64Array,
  {width, from, to}: Span,
  i: number,
  products: Float64Array
): void {
  let [s00, s10, s11, s20, s21, s22, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
  for (let e = from, p = from * width + i; e < to; e++, p += width) {
    const w = weight[e];
    const x0 = x[p];
    const x1 = x[p + 1];
    const x2 = x[p + 2];
    const x3 = x[p + 3];
    const w0 = w * x0;
    const w1 = w * x1;
    const w2 = w * x2;
    const w3 = w * x3;
    s00 += w0 * x0;
    s10 += w1 * x0;
    s11 += w1 * x1;
    s20 += w2 * x0;
    s21 += w2 * x1;
    s22 += w2 * x2;
    s30 += w3 * x0;
    s31 += w3 * x1;
    s32 += w3 * x2;
    s33 += w3 * x3;
  }
  addSums(products, i * width + i, s00, 0, 0, 0);
  addSums(products, (i + 1) * width + i, s10, s11, 0, 0);
  addSums(products, (i + 2) * width + i, s20, s21, s22, 0);
  addSums(products, (i + 3) * width + i, s30, s31, s32, s33);
}

/** Four columns with four others. */
function addApart(
  x: Float64Array,
  weight: Float64Array,
  {width, from, to}: Span,
  i: number,
  j: number,
  products: Float64Array
): void {
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let e = from, p = from * width + i, q = from * width + j; e < to; e++, p += width, q += width) {
    const w = weight[e];
    const a0 = w * x[p];
    const a1 = w * x[p + 1];
    const a2 = w * x[p + 2];
    const a3 = w * x[p + 3];
    const b0 = x[q];
    const b1 = x[q + 1];
    const b2 = x[q + 2];
    const b3 = x[q + 3];
    s00 += a0 * b0;
    s01 += a0 * b1;
    s02 += a0 * b2;
    s03 += a0 * b3;
    s10 += a1 * b0;
    s11 += a1 * b1;
    s12 += a1 * b2;
    s13 += a1 * b3;
    s20 += a2 * b0;
    s21 += a2 * b1;
    s22 += a2 * b2;
    s23 += a2 * b3;
    s30 += a3 * b0;
    s31 += a3 * b1;
    s32 += a3 * b2;
    s33 += a3 * b3;
  }
  addSums(products, i * width + j, s00, s01, s02, s03);
  addSums(products, (i + 1) * width + j, s10, s11, s12, s13);
  addSums(products, (i + 2) * width + j, s20, s21, s22, s23);
  addSums(products, (i + 3) * width + j, s30, s31, s32, s33);
}

/** Adds four sums. */
export function addSums(into: Float64Array, at: number, a: number, b: number, c: number, d: number): void {
  into[at] += a;
  into[at + 1] += b;
  into[at + 2] += c;
  into[at + 3] += d;
}

/** Adds a row of `width` values, times a weight. Loops of a few steps are slow unless several are made at once. */
export function addRow(
  sums: Float64Array,
  into: number,
  x: Float64Array,
  at: number,
  width: number,
  weight: number
): void {
  for (let j = 0; j < width; j += 4) {
    sums[into + j] += weight * x[at + j];
    sums[into + j + 1] += weight * x[at + j + 1];
    sums[into + j + 2] += weight * x[at + j + 2];
    sums[into + j + 3] += weight * x[at + j + 3];
  }
}
