import {cellTables, takeLater} from "./cellTable.js";
import type {CellTable} from "./cellTable.js";
import {addWideTime, begin, blockOf, close, momentsOf, SPREAD, widest} from "./momentBlocks.js";
import type {Block, PairedMoments} from "./momentBlocks.js";
import type {PatientCells} from "./patientCells.js";
import type {Surv} from "./surv.js";

/**
 * One pass over a sorted cohort.
 *
 * @param surv - with left truncation where given; weights are not looked at
 * @param patients - in an even number of cells
 */
export function cellMoments(surv: Surv, patients: PatientCells): PairedMoments {
  const block = blockOf(patients.cells);
  let entering = surv.entryOrder?.length ?? 0;
  const four = patients.cells === 4 && entering === 0;
  for (const table of cellTables(surv, patients))
    if (four) addTimesOfFour(block, table);
    else entering = addTimes(block, table, surv, patients, entering);
  close(block);
  const {n, events, all, pairs} = block;
  return {n, events, all: momentsOf(all), pairs: pairs.map(momentsOf)};
}

/** @returns how many of those who came under observation later remain to be taken out */
function addTimes(
  block: Block,
  {from, to, left, stride}: CellTable,
  surv: Surv,
  patients: PatientCells,
  entering: number
) {
  const {cells, n, events, now, dead, begun, away, most} = block;
  for (let s = to - 1; s >= from; s--) {
    if (entering > 0) entering = takeLater(surv, patients, s, entering, now);
    let deaths = 0;
    let last = 0;
    for (let c = 0, at = 2 * (s - from) * stride; c < cells; c++, at++) {
      const died = left[at + stride];
      const both = left[at] + died;
      n[c] += both;
      now[c] += both;
      events[c] += died;
      dead[c] = died;
      deaths += died;
      last += died * c;
    }
    if (deaths === 0) continue;
    let far = false;
    for (let c = 0; c < cells; c++) {
      const more = (away[c] = now[c] - begun[c]);
      if (more > most[c] || -more > most[c]) far = true;
    }
    if (far) begin(block);
    // Of a single event the sum is its cell.
    if (deaths === 1) addOne(block, last);
    else addTied(block, deaths);
  }
  return entering;
}

/** One event, in a cell. */
function addOne({cells, away, deaths, sum, square, ownDeaths, ownSum, ownSquare}: Block, c: number): void {
  deaths[0]++;
  for (let e = 0, q = 0; e < cells; e++) {
    const a = away[e];
    sum[e] += a;
    for (let f = 0; f <= e; f++, q++) square[q] += a * away[f];
  }
  const width = cells >> 1;
  const l = c < width ? c : c - width;
  const [a, b] = [away[l], away[l + width]];
  ownDeaths[l]++;
  ownSum[l] += a;
  ownSum[l + width] += b;
  ownSquare[3 * l] += a * a;
  ownSquare[3 * l + 1] += a * b;
  ownSquare[3 * l + 2] += b * b;
}

/** Σ over the events l = 0 … m − 1 at one time of l/m, the part that after Efron has left before each; and of its square. */
const leftBefore = (m: number) => (m - 1) / 2;
const squaresBefore = (m: number) => ((m - 1) * (2 * m - 1)) / (6 * m);

/** Events at one time. */
function addTied(block: Block, together: number): void {
  const {cells, now, dead, away, deaths, sum, square} = block;
  const width = cells >> 1;
  if (widest(now, dead) > SPREAD) return addWideTime(block, together);
  const [out, squares] = [leftBefore(together), squaresBefore(together)];
  deaths[0] += together;
  for (let c = 0, q = 0; c < cells; c++) {
    sum[c] += together * away[c] - out * dead[c];
    for (let e = 0; e <= c; e++, q++)
      square[q] +=
        together * away[c] * away[e] - out * (away[c] * dead[e] + dead[c] * away[e]) + squares * dead[c] * dead[e];
  }
  for (let l = 0, o = width; l < width; l++, o++)
    if (dead[l] + dead[o] > 0) addOwn(block, l, o, away[l], away[o], dead[l], dead[o]);
}

/** The events of a pair of cells at one time. @param a - how many more are at risk in the first than when the block began; `b` in the second */
function addOwn(
  {ownDeaths, ownSum, ownSquare}: Block,
  first: number,
  second: number,
  a: number,
  b: number,
  died: number,
  diedToo: number
): void {
  const own = died + diedToo;
  const out = leftBefore(own);
  const squares = squaresBefore(own);
  const t = own * a - out * died;
  const u = squares * died - out * a;
  const t2 = own * b - out * diedToo;
  ownDeaths[first] += own;
  ownSum[first] += t;
  ownSum[second] += t2;
  ownSquare[3 * first] += t * a + u * died;
  ownSquare[3 * first + 1] += t * b + u * diedToo;
  ownSquare[3 * first + 2] += t2 * b + (squares * diedToo - out * b) * diedToo;
}

/**
 * The same for two groups in two levels, of which a page has many, where all are under observation from the beginning: loops of
 * four steps take longer than what they do.
 */
function addTimesOfFour(block: Block, {from, to, left, stride}: CellTable): void {
  const {n, events, now, dead, begun, most, deaths, sum, square} = block;
  let n0 = now[0];
  let n1 = now[1];
  let n2 = now[2];
  let n3 = now[3];
  let b0 = begun[0];
  let b1 = begun[1];
  let b2 = begun[2];
  let b3 = begun[3];
  let m0 = most[0];
  let m1 = most[1];
  let m2 = most[2];
  let m3 = most[3];
  for (let s = to - 1; s >= from; s--) {
    const at = 2 * (s - from) * stride;
    const d0 = left[at + stride];
    const d1 = left[at + stride + 1];
    const d2 = left[at + stride + 2];
    const d3 = left[at + stride + 3];
    n0 += left[at] + d0;
    n1 += left[at + 1] + d1;
    n2 += left[at + 2] + d2;
    n3 += left[at + 3] + d3;
    const m = d0 + d1 + d2 + d3;
    if (m === 0) continue;
    events[0] += d0;
    events[1] += d1;
    events[2] += d2;
    events[3] += d3;
    let a0 = n0 - b0;
    let a1 = n1 - b1;
    let a2 = n2 - b2;
    let a3 = n3 - b3;
    const wide = m > 1 && (d0 > SPREAD * n0 || d1 > SPREAD * n1 || d2 > SPREAD * n2 || d3 > SPREAD * n3);
    if (wide || a0 > m0 || a1 > m1 || a2 > m2 || a3 > m3) {
      now[0] = b0 = n0;
      now[1] = b1 = n1;
      now[2] = b2 = n2;
      now[3] = b3 = n3;
      begin(block);
      m0 = most[0];
      m1 = most[1];
      m2 = most[2];
      m3 = most[3];
      a0 = a1 = a2 = a3 = 0;
    }
    if (wide) {
      dead[0] = d0;
      dead[1] = d1;
      dead[2] = d2;
      dead[3] = d3;
      addWideTime(block, m);
      continue;
    }
    const out = leftBefore(m);
    const squares = squaresBefore(m);
    const t0 = m * a0 - out * d0;
    const t1 = m * a1 - out * d1;
    const t2 = m * a2 - out * d2;
    const t3 = m * a3 - out * d3;
    const u0 = squares * d0 - out * a0;
    const u1 = squares * d1 - out * a1;
    const u2 = squares * d2 - out * a2;
    const u3 = squares * d3 - out * a3;
    deaths[0] += m;
    sum[0] += t0;
    sum[1] += t1;
    sum[2] += t2;
    sum[3] += t3;
    square[0] += t0 * a0 + u0 * d0;
    square[1] += t1 * a0 + u1 * d0;
    square[2] += t1 * a1 + u1 * d1;
    square[3] += t2 * a0 + u2 * d0;
    square[4] += t2 * a1 + u2 * d1;
    square[5] += t2 * a2 + u2 * d2;
    square[6] += t3 * a0 + u3 * d0;
    square[7] += t3 * a1 + u3 * d1;
    square[8] += t3 * a2 + u3 * d2;
    square[9] += t3 * a3 + u3 * d3;
    if (d0 + d2 > 0) addOwn(block, 0, 2, a0, a2, d0, d2);
    if (d1 + d3 > 0) addOwn(block, 1, 3, a1, a3, d1, d3);
  }
  [n0, n1, n2, n3].forEach((count, c) => (n[c] = now[c] = count));
}
