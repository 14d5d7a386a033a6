import {inParts} from "../numeric/inParts.js";
import {keptIn} from "../numeric/keptIn.js";
import type {Surv} from "./surv.js";

/** What of a cohort every count of it needs, whatever its cells; kept with the cohort. */
export interface SortedEvents {
  /** Aligned with `surv.order`. */
  readonly event: Uint8Array;
  /** How many. */
  readonly events: number;
  /** Aligned with `surv.order`: twice the index of the distinct time, and 1 more for an event. */
  readonly slotAndEvent: Int32Array;
  /** By distinct time, and one more: where those whose follow-up ends at it begin in `surv.order`. */
  readonly slotStart: Uint32Array;
  /** Aligned with `surv.entryOrder`: where the row is in `surv.order`. Null without left truncation. */
  readonly entryPlace: Uint32Array | null;
}

/** By the order, which weighted follow-up may share; not so events that are turned round. */
const kept = new WeakMap<Uint32Array, SortedEvents & {readonly of: Uint8Array}>();

export function sortedEvents(surv: Surv): SortedEvents {
  const known = kept.get(surv.order);
  if (known?.of === surv.event) return known;
  const event = new Uint8Array(surv.order.length);
  const slotAndEvent = new Int32Array(event.length);
  const slotStart = new Uint32Array(surv.distinctTime.length + 1).fill(event.length);
  let events = 0;
  for (let k = event.length - 1; k >= 0; k--) {
    events += event[k] = surv.event[surv.order[k]];
    slotAndEvent[k] = 2 * surv.slot[k] + event[k];
    slotStart[surv.slot[k]] = k;
  }
  const found = {event, events, slotAndEvent, slotStart, entryPlace: entryPlace(surv), of: surv.event};
  kept.set(surv.order, found);
  return found;
}

function entryPlace({order, entryOrder, size}: Surv): Uint32Array | null {
  if (!entryOrder) return null;
  const place = new Uint32Array(size);
  for (let k = 0; k < order.length; k++) place[order[k]] = k;
  return entryOrder.map((row) => place[row]);
}

const followed = new WeakMap<Uint32Array, Uint8Array>();

/** By row 1 if its follow-up is known. */
export function followedRows({order, size}: Surv): Uint8Array {
  return keptIn(followed, order, () => {
    const rows = new Uint8Array(size);
    for (let k = 0; k < order.length; k++) rows[order[k]] = 1;
    return rows;
  });
}

/** By the column; what is in one order is asked for again in the same. */
const ordered = new WeakMap<Float64Array, {readonly order: Uint32Array; readonly own: Float64Array}>();

/** A column in order of time, aligned with `surv.order`. */
export function valuesInOrder({order}: Surv, column: Float64Array): Float64Array {
  const known = ordered.get(column);
  if (known?.order === order) return known.own;
  const own = new Float64Array(order.length);
  inParts(own.length, (from, to) => pickValues(own, column, order, from, to));
  ordered.set(column, {order, own});
  return own;
}

function pickValues(own: Float64Array, column: Float64Array, order: Uint32Array, from: number, to: number): void {
  for (let k = from; k < to; k++) own[k] = column[order[k]];
}
