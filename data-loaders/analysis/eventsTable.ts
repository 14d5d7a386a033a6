import type {Provenance} from "../../src/cohort/description.js";
import type {Study} from "../study/study.js";
import {arrowStream, dictionaryVector, numberVector} from "./arrowColumns.js";

/** The published dated events as Arrow's stream format, as described in src/cohort/description.ts; empty without any. */
export function eventsTable(
  {patients, events}: Pick<Study, "patients" | "events">,
  provenance: Provenance
): Uint8Array {
  if (!events) return new Uint8Array();
  const {description, patient, kind, time, stop} = events;
  // A dictionary of those who had any: patients without an event take no room.
  const rows = [...new Set(patient)];
  const code = new Map(rows.map((row, c) => [row, c]));
  return arrowStream(
    [
      [
        "patient",
        dictionaryVector(
          rows.map((row) => patients[row]),
          Array.from(patient, (row) => code.get(row)!)
        )
      ],
      [
        "kind",
        dictionaryVector(
          description.kinds.map(({id}) => id),
          kind
        )
      ],
      ["time", numberVector(time)],
      ["stop", numberVector(stop)]
    ],
    {stratum: provenance}
  );
}
