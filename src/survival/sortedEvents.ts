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
