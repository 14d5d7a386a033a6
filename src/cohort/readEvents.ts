import {tableFromIPC} from "apache-arrow";
import type {Vector} from "apache-arrow";
import type {EventsDescription} from "./description.js";

/** Dated events as aligned columns, one value an event. */
export interface EventColumns {
  /** The patient's row in the cohort. */
  readonly row: Int32Array;
  /** Index into `EventsDescription.kinds`. */
  readonly kind: Int32Array;
  /** Since the study's time zero, in the unit of the follow-up endpoint. */
  readonly time: Float64Array;
}

/**
 * Reads `data/events.arrow`.
 *
 * @param bytes - Arrow IPC stream, columns as described in description.ts
 * @param rowOf - the row of a patient in the cohort; null if it has none
 * @throws {RangeError} if a column is not there, or names a patient or kind that the study lacks
 */
export function readEvents(
  bytes: Uint8Array,
  {kinds}: EventsDescription,
  rowOf: (patient: string) => number | null
): EventColumns {
  const table = tableFromIPC(bytes);
  const vector = (name: string) => {
    const found = table.getChild(name);
    if (!found) throw new RangeError(`events.arrow has no column "${name}"; build the site anew.`);
    return found;
  };
  const time = vector("time").toArray() as Float64Array;
  const index = new Map(kinds.map(({id}, k) => [id, k]));
  return {
    row: indices(vector("patient"), rowOf),
    kind: indices(vector("kind"), (id) => index.get(id) ?? null),
    time
  };
}

/** Each value of a dictionary column looked up once. */
function indices(vector: Vector, indexOf: (value: string) => number | null): Int32Array {
  const out = new Int32Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const codes = Array.from(data.dictionary!, (value) => {
      const found = indexOf(String(value));
      if (found === null) throw new RangeError(`events.arrow names "${value}", which the study lacks; build the site anew.`); // prettier-ignore
      return found;
    });
    const values = data.values as ArrayLike<number>;
    for (let i = 0; i < data.length; i++) out[at++] = codes[values[i]];
  }
  return out;
}
