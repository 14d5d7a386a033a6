import {cohortTable} from "../../data-loaders/analysis/cohortTable.js";
import {eventsTable} from "../../data-loaders/analysis/eventsTable.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {EventKind, Provenance, StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import {bareStudy} from "./bareStudy.js";
import {readFixture} from "../survival/referenceData.js";

const provenance: Provenance = {study: "events", code: "test", version: "0", models: {}, execution: {}};

/** Patients with follow-up, in two groups, and what happened to them. */
export interface EventSpec {
  readonly time: Float64Array;
  /** 1 death, 0 alive, −1 no follow-up. */
  readonly event: Int8Array;
  /** Null without late entry. */
  readonly entry: Float64Array | null;
  readonly group: readonly string[];
  readonly events: {
    readonly row: readonly number[];
    readonly kind: readonly string[];
    readonly time: readonly number[];
  };
  /** In the order they are offered in; the last is death. */
  readonly kinds: readonly string[];
}

/** A cohort with dated events, as the loaders publish one. */
export function eventCohort({time, event, entry, group, events, kinds}: EventSpec) {
  const described = kinds.map((id): EventKind => {
    const own = events.row.filter((_, e) => events.kind[e] === id);
    return {id, label: id[0].toUpperCase() + id.slice(1), events: own.length, patients: new Set(own).size};
  });
  const endpoint = {
    id: "os",
    label: "Overall survival",
    unit: "days",
    origin: "Diagnosis",
    leftTruncated: entry !== null,
    competing: false
  } as const;
  const levels = [...new Set(group)].sort().map((value) => ({value, label: value}));
  const variable = {id: "arm", label: "Arm", type: "categorical", origin: "measured", levels, reference: levels[0]?.value ?? ""} as const; // prettier-ignore
  const description = {followUp: "os", death: kinds.at(-1)!, kinds: described};
  const study: StudyDescription = {
    ...bareStudy,
    id: "events",
    title: "Dated events",
    synthetic: true,
    endpoints: [endpoint],
    events: description,
    variables: [variable],
    strata: ["arm"],
    provenance
  };
  const source = {
    patients: Array.from(time, (_, i) => `E${i + 1}`),
    endpoints: [endpoint],
    followUp: {os: {time, event, entry}},
    events: {
      description,
      patient: Int32Array.from(events.row),
      kind: Int32Array.from(events.kind, (kind) => kinds.indexOf(kind)),
      time: Float64Array.from(events.time),
      stop: new Float64Array(events.time.length).fill(NaN)
    }
  } as unknown as Study;
  const bytes = cohortTable(source, [variable], {arm: [...group]}, provenance);
  const eventBytes = eventsTable(source, provenance);
  return {study, bytes, eventBytes, cohort: readCohort(bytes, study, eventBytes)};
}

type Column = (number | null)[];
interface Case {
  name: string;
  definition: string;
  time: Column;
  status: Column;
  entry: Column;
  n: number[];
  events: number[];
  median: Column;
  lower: Column;
  upper: Column;
  chiSquare: number;
  hazardRatio: number;
  hazardLower: number;
  hazardUpper: number;
}
interface Fixture {
  base: {futime: number[]; death: number[]; group: string[]; entry: number[]; late: boolean[]};
  events: {row: number[]; kind: string[]; time: number[]};
  cases: Case[];
}
/** Kinds of event of each set, death last. */
export const fixtureKinds = {
  myeloid: ["transplant", "response", "relapse", "death"],
  entered: ["transplant", "response", "relapse", "death"],
  cgd: ["infection"]
} as const;

/** The cohorts of the fixture `endpoints`, with R's answers. */
export function fixtureCohorts() {
  const {sets} = readFixture<{sets: Record<string, Fixture>}>("endpoints");
  return Object.entries(sets).map(([name, {base, events, cases}]) => ({
    name,
    cases,
    ...eventCohort({
      time: Float64Array.from(base.futime),
      event: Int8Array.from(base.death),
      entry: base.late.some(Boolean) ? Float64Array.from(base.entry) : null,
      group: base.group,
      events,
      kinds: fixtureKinds[name as keyof typeof fixtureKinds]
    })
  }));
}
