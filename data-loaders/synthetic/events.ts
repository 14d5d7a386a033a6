import type {SyntheticPatient} from "./clinical.js";
import {events as known} from "./prevalences.js";
import {patientRandom} from "./streams.js";

/** What can happen, as events.csv calls it, in the order it is offered in. */
export const eventKinds = [
  {id: "biopsy", label: "Biopsy of the recurrence"},
  {id: "surgery", label: "Surgery"},
  {id: "reirradiation", label: "Re-irradiation"},
  {id: "chemotherapy", label: "Chemotherapy"},
  {id: "local_progression", label: "Local progression"},
  {id: "distant_metastasis", label: "Distant metastasis"},
  {id: "death", label: "Death"},
  {id: "last_contact", label: "Last contact"}
] as const;

interface DatedEvent {
  readonly kind: (typeof eventKinds)[number]["id"];
  /** Months since the PET/CT, to one decimal. */
  readonly from: number;
  /** Null: it has no length. */
  readonly until: number | null;
}

/**
 * What happened to a patient, in the order of time. Treatments are those of the clinical table and begin before the end of follow-up;
 * progression comes on the way to death and is seen if it came before the end; the last row is the follow-up's own end.
 */
export function eventsOf(seed: number, patient: SyntheticPatient): DatedEvent[] {
  const {uniform} = patientRandom(seed, "events", patient.number);
  const {osMonths: end, death, deathMonths} = patient;
  const found: DatedEvent[] = [];
  const within = (months: number, latest: number) => Math.floor(10 * Math.min(months, latest)) / 10;
  const biopsy = Math.ceil(10 * known.biopsyMonths * uniform()) / 10;
  if (biopsy < end) found.push({kind: "biopsy", from: biopsy, until: null});
  for (const kind of ["surgery", "reirradiation", "chemotherapy"] as const) {
    const {waits, lasts} = known[kind];
    // Drawn for everybody, so that no event depends on who was treated.
    const [wait, length] = [waits[0] + (waits[1] - waits[0]) * uniform(), lasts[0] + (lasts[1] - lasts[0]) * uniform()];
    if (!patient[kind]) continue;
    const from = within(wait, end / 2);
    found.push({kind, from, until: length > 0 ? within(from + length, end) : null});
  }
  for (const kind of ["local_progression", "distant_metastasis"] as const) {
    const [chance, place] = [uniform(), uniform()];
    const [least, most] = known.progressionPlace;
    const at = Math.round(10 * deathMonths * (least + (most - least) * place)) / 10;
    if (chance < known.progressionShares[kind] && at > 0 && at < end) found.push({kind, from: at, until: null});
  }
  found.push({kind: death ? "death" : "last_contact", from: end, until: null});
  return found.sort((a, b) => a.from - b.from);
}

/** events.csv, its header first: a row an event. */
export function eventsCsv(seed: number, patients: readonly SyntheticPatient[]): string {
  const rows = patients.flatMap((patient) =>
    eventsOf(seed, patient).map(({kind, from, until}) =>
      [patient.id, kind, from.toFixed(1), until?.toFixed(1) ?? ""].join(",")
    )
  );
  return ["patient,event,months,until_months", ...rows].join("\n") + "\n";
}
