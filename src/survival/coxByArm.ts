import {inParts} from "../numeric/inParts.js";
import type {PartialLikelihood} from "./coxLikelihood.js";
import type {ArmData} from "./armData.js";
import {armPasses} from "./armEvents.js";
import type {Hazards, RiskSums} from "./armEvents.js";
import {boundOf, logHazard, restricted} from "./armModel.js";
import {addRow, addSums} from "./weightedProducts.js";

/**
 * Partial likelihood (Efron) of the model θ = Lβ.
 *
 * @param L - (2K + 1) × p, row by row: what each coefficient does to the untreated arm's columns, the treatment, the treated
 *   arm's columns
 */
export function armLikelihood(data: ArmData, L: Float64Array): PartialLikelihood {
  return restricted(data, L, patientPasses(data), (theta) => boundOf(theta, data.largest));
}

function patientPasses(data: ArmData) {
  const {stride, slot, event, untreated} = data;
  const n = slot.length;
  const risk = new Float64Array(n);
  return armPasses({
    ...data,
    addRisks(theta, sums, from, to) {
      [0, untreated].forEach((first, arm) => {
        const last = arm === 0 ? untreated : n;
        const [begin, end] = [firstFrom(slot, first, last, from), firstFrom(slot, first, last, to)];
        inParts(end - begin, (a, b) => addRisks(data, theta, risk, sums, arm * stride, from, begin + a, begin + b));
      });
    },
    lived(hazards) {
      inParts(n, (a, b) => liveThrough(risk, slot, event, hazards, a, b));
      return risk;
    }
  });
}

/** The first place of an arm from `begin` to `end` whose time is not before a given one. */
function firstFrom(slot: Uint32Array, begin: number, end: number, time: number): number {
  let low = begin;
  let high = end;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (slot[middle] >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}

function addRisks(
  data: ArmData,
  theta: Float64Array,
  risk: Float64Array,
  sums: RiskSums,
  arm: number,
  first: number,
  from: number,
  to: number
): void {
  if (data.stride === 4) return addFourColumns(data, theta, risk, sums, arm, first, from, to);
  const {x, stride, slot, event} = data;
  for (let u = from; u < to; u++) {
    const at = u * stride;
    const r = Math.exp(logHazard(x, at, theta, arm, stride));
    risk[u] = r;
    const row = 2 * (slot[u] - first) * stride + arm;
    addRow(sums.all, row, x, at, stride, r);
    if (event[u] === 1) addRow(sums.dead, row, x, at, stride, r);
  }
}

/** The same for up to three columns, as four knots have: sums at one time kept where no array holds them. */
function addFourColumns(
  {x, slot, event}: ArmData,
  theta: Float64Array,
  risk: Float64Array,
  sums: RiskSums,
  arm: number,
  first: number,
  from: number,
  to: number
): void {
  const t0 = theta[arm];
  const t1 = theta[arm + 1];
  const t2 = theta[arm + 2];
  const t3 = theta[arm + 3];
  let s0 = 0;
  let s1 = 0;
  let s2 = 0;
  let s3 = 0;
  let d0 = 0;
  let d1 = 0;
  let d2 = 0;
  let d3 = 0;
  let time = slot[from];
  for (let u = from, at = 4 * from; u < to; u++, at += 4) {
    if (slot[u] !== time) {
      addSums(sums.all, 8 * (time - first) + arm, s0, s1, s2, s3);
      addSums(sums.dead, 8 * (time - first) + arm, d0, d1, d2, d3);
      time = slot[u];
      s0 = s1 = s2 = s3 = d0 = d1 = d2 = d3 = 0;
    }
    const x1 = x[at + 1];
    const x2 = x[at + 2];
    const x3 = x[at + 3];
    const r = Math.exp(t0 + t1 * x1 + t2 * x2 + t3 * x3);
    risk[u] = r;
    s0 += r;
    s1 += r * x1;
    s2 += r * x2;
    s3 += r * x3;
    if (event[u] === 0) continue;
    d0 += r;
    d1 += r * x1;
    d2 += r * x2;
    d3 += r * x3;
  }
  addSums(sums.all, 8 * (time - first) + arm, s0, s1, s2, s3);
  addSums(sums.dead, 8 * (time - first) + arm, d0, d1, d2, d3);
}

/** Risks times the hazard that the patients live through. */
function liveThrough(
  risk: Float64Array,
  slot: Uint32Array,
  event: Uint8Array,
  {all, own}: Hazards,
  from: number,
  to: number
): void {
  for (let u = from; u < to; u++) risk[u] *= event[u] === 1 ? own[slot[u]] : all[slot[u]];
}
