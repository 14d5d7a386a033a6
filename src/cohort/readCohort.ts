import {DataType, tableFromIPC} from "apache-arrow";
import type {Vector} from "apache-arrow";
import {definedFollowUp} from "./definedFollowUp.js";
import type {Exclusions} from "./definedFollowUp.js";
import type {Level, Provenance, StudyDescription, Variable} from "./description.js";
import {definitionOf, isDefined} from "./endpointDefinition.js";
import {readEvents} from "./readEvents.js";
import type {EventColumns} from "./readEvents.js";

/** A numeric variable, one value a row; NaN is missing. */
export interface NumericValues {
  readonly type: "numeric";
  readonly values: Float64Array;
}

/** A categorical variable: by row an index into `levels`, −1 where missing. */
export interface CategoricalValues {
  readonly type: "categorical";
  readonly codes: Int32Array;
  readonly levels: readonly Level[];
}

export type VariableValues = NumericValues | CategoricalValues;

/** Follow-up for one endpoint, one value a row, as the statistics take it. */
export interface FollowUpColumns {
  /** NaN where time or event is missing. */
  readonly time: Float64Array;
  /** 1 the event, 0 censored. A competing event ends follow-up like a censoring: the hazard is cause-specific. */
  readonly event: Uint8Array;
  /** 0 censored, 1 the event, 2 a competing event: what a cumulative incidence is made of. */
  readonly status: Uint8Array;
  /** Null without left truncation. */
  readonly entry: Float64Array | null;
  /** Patients whose follow-up ended in a competing event. */
  readonly competing: number;
  /** Of an endpoint defined from dated events. */
  readonly excluded?: Exclusions;
}

/** The published cohort: columns are decoded when first asked for and kept. */
export interface Cohort {
  readonly n: number;
  readonly study: StudyDescription;
  /** The Arrow stream it was read from, for DuckDB. */
  readonly bytes: Uint8Array;
  /** The Arrow stream of dated events, for DuckDB; null without them. */
  readonly eventBytes: Uint8Array | null;
  /** From the schema's metadata; null in a file not written by Stratum. */
  readonly provenance: Provenance | null;
  patient(row: number): string;
  /** The row of a patient; null if the study has none of that id. */
  rowOf(patient: string): number | null;
  /** @throws {CohortError} if the study has no such variable */
  variable(id: string): VariableValues;
  /**
   * @param endpoint - its id, or a definition (endpointDefinition.ts)
   * @throws {CohortError} if the study has no such endpoint
   */
  followUp(endpoint: string): FollowUpColumns;
}

/** A cohort file and its description that do not fit together, or a column asked for that neither has. */
export class CohortError extends Error {
  override name = "CohortError";
}

/**
 * Reads `data/cohort.arrow` and `data/events.arrow`.
 *
 * @param bytes - Arrow IPC stream, columns as described in description.ts
 * @param eventBytes - the same of dated events, in a study that has them
 * @throws {CohortError} if a column named by the study is not in the file
 */
export function readCohort(bytes: Uint8Array, study: StudyDescription, eventBytes: Uint8Array | null = null): Cohort {
  const table = tableFromIPC(bytes);
  const vector = (name: string): Vector => {
    const found = table.getChild(name);
    if (!found)
      throw new CohortError(`cohort.arrow has no column "${name}", which study.json names; build the site anew.`);
    return found;
  };
  let rows: Map<string, number> | null = null;
  const rowOf = (patient: string) => {
    rows ??= new Map(Array.from(vector("patient"), (id, row) => [String(id), row]));
    return rows.get(patient) ?? null;
  };
  let events: EventColumns | null = null;
  const defined = (id: string): FollowUpColumns => {
    const definition = definitionOf(study, id);
    if (!eventBytes) throw new CohortError("The study names dated events, but events.arrow was not read.");
    events ??= readEvents(eventBytes, study.events!, rowOf);
    return definedFollowUp(study, definition, events, followUp(study.events!.followUp));
  };
  const followUp = kept((id): FollowUpColumns => {
    if (isDefined(id)) return defined(id);
    const endpoint = study.endpoints.find((e) => e.id === id);
    if (!endpoint) throw new CohortError(`The study has no endpoint "${id}".`);
    const entry = endpoint.leftTruncated ? numbers(vector(`${id}_entry`)) : null;
    return followUpColumns(numbers(vector(`${id}_time`)), numbers(vector(`${id}_event`)), entry);
  });
  const metadata = table.schema.metadata.get("stratum");
  return {
    n: table.numRows,
    study,
    bytes,
    eventBytes: study.events ? eventBytes : null,
    provenance: metadata ? (JSON.parse(metadata) as Provenance) : null,
    patient: (row) => String(vector("patient").get(row)),
    rowOf,
    variable: kept((id) => variableValues(variableOf(study, id), vector(id))),
    followUp
  };
}

function variableOf(study: StudyDescription, id: string): Variable {
  const variable = study.variables.find((v) => v.id === id);
  if (!variable) throw new CohortError(`The study has no variable "${id}".`);
  return variable;
}

function kept<T>(make: (id: string) => T): (id: string) => T {
  const made = new Map<string, T>();
  return (id) => {
    if (!made.has(id)) made.set(id, make(id));
    return made.get(id)!;
  };
}

function variableValues(variable: Variable, vector: Vector): VariableValues {
  if (variable.type === "numeric") return {type: "numeric", values: numbers(vector)};
  const levels = variable.levels ?? [];
  return {type: "categorical", codes: codes(vector, levels), levels};
}

/** Null becomes NaN. */
function numbers(vector: Vector): Float64Array {
  const out = new Float64Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const values = data.values as ArrayLike<number | bigint>;
    const complete = data.nullCount === 0;
    for (let i = 0; i < data.length; i++) out[at++] = complete || data.getValid(i) ? Number(values[i]) : NaN;
  }
  return out;
}

/** Codes follow the study's order of levels, whatever the order of the file's dictionary. */
function codes(vector: Vector, levels: readonly Level[]): Int32Array {
  const index = new Map(levels.map(({value}, l) => [value, l]));
  const codeOf = (value: unknown) => {
    const code = index.get(String(value));
    if (code === undefined) throw new CohortError(`cohort.arrow holds "${value}", which is not a level in study.json.`);
    return code;
  };
  if (!DataType.isDictionary(vector.type))
    return Int32Array.from(vector, (value) => (value === null ? -1 : codeOf(value)));
  const out = new Int32Array(vector.length);
  let at = 0;
  for (const data of vector.data) {
    const dictionary = Array.from(data.dictionary!, codeOf);
    const indices = data.values as ArrayLike<number>;
    const complete = data.nullCount === 0;
    for (let i = 0; i < data.length; i++) out[at++] = complete || data.getValid(i) ? dictionary[indices[i]] : -1;
  }
  return out;
}

function followUpColumns(time: Float64Array, code: Float64Array, entry: Float64Array | null): FollowUpColumns {
  const event = new Uint8Array(code.length);
  const status = new Uint8Array(code.length);
  let competing = 0;
  for (let i = 0; i < code.length; i++) {
    if (Number.isNaN(code[i])) time[i] = NaN;
    if (code[i] === 1) event[i] = 1;
    if (code[i] === 2) competing++;
    if (code[i] > 0) status[i] = code[i];
  }
  return {time, event, status, entry, competing};
}
