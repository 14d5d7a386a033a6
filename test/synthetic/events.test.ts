import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {clinicalTable} from "../../data-loaders/synthetic/clinical.js";
import {eventsOf} from "../../data-loaders/synthetic/events.js";
import {embeddedSeed} from "../../data-loaders/synthetic/writeEmbeddedStudy.js";

const embedded = clinicalTable(embeddedSeed, 420).map((patient) => ({
  patient,
  events: eventsOf(embeddedSeed, patient)
}));
const times = (kind: string) =>
  embedded.flatMap(({events}) => events.filter((event) => event.kind === kind).map(({from}) => from));

describe("the embedded cohort's dated events", () => {
  it("agree with the clinical table, for any seed and patient", () => {
    fc.assert(
      fc.property(fc.nat(), fc.integer({min: 1, max: 40}), (seed, n) => {
        for (const patient of clinicalTable(seed, n)) {
          const events = eventsOf(seed, patient);
          const had = (kind: string) => events.filter((event) => event.kind === kind).length;
          expect(events.map(({from}) => from)).toEqual(events.map(({from}) => from).toSorted((a, b) => a - b));
          for (const kind of ["surgery", "reirradiation", "chemotherapy"] as const)
            expect(had(kind)).toBe(Number(patient[kind]));
          const [last] = events.slice(-1);
          expect(last).toEqual({kind: patient.death ? "death" : "last_contact", from: patient.osMonths, until: null});
          expect(had("death") + had("last_contact")).toBe(1);
          for (const {from, until} of events.slice(0, -1)) {
            expect(from).toBeGreaterThanOrEqual(0);
            expect(from).toBeLessThan(patient.osMonths);
            if (until !== null) expect(until).toBeGreaterThanOrEqual(from);
            if (until !== null) expect(until).toBeLessThanOrEqual(patient.osMonths);
          }
        }
      }),
      {numRuns: 25}
    );
  });
  it("have every kind, in more patients than a figure needs", () => {
    for (const kind of [
      "biopsy",
      "surgery",
      "reirradiation",
      "chemotherapy",
      "local_progression",
      "distant_metastasis"
    ])
      expect(times(kind).length).toBeGreaterThan(60);
    expect(times("death").length).toBe(embedded.filter(({patient}) => patient.death).length);
  });
});
