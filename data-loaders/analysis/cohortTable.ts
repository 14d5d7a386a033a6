import {
  Dictionary,
  Field,
  Float64,
  Int32,
  Int8,
  makeData,
  makeVector,
  RecordBatch,
  Schema,
  Struct,
  Table,
  tableToIPC,
  Utf8,
  Vector,
  vectorFromArray
} from "apache-arrow";
import type {DataType} from "apache-arrow";
import type {Provenance, Variable} from "../../src/cohort/description.js";
import type {Study} from "../study/study.js";
import type {Column} from "./trainingTerms.js";

/**
 * The published cohort as Arrow's stream format: patient, variables, then endpoints, named as in
 * src/cohort/description.ts, with the provenance in the schema's metadata.
 *
 * @param columns - by variable id, a value a patient
 */
export function cohortTable(
  study: Study,
  variables: readonly Variable[],
  columns: Readonly<Record<string, Column>>,
  provenance: Provenance
): Uint8Array {
  const vectors: [string, Vector][] = [["patient", vectorFromArray([...study.patients], new Utf8())]];
  for (const variable of variables) vectors.push([variable.id, variableVector(variable, columns[variable.id])]);
  for (const {id} of study.endpoints) {
    const {time, event, entry} = study.followUp[id];
    vectors.push([`${id}_time`, numberVector(time)]);
    vectors.push([
      `${id}_event`,
      vectorFromArray(
        Array.from(event, (e) => (e < 0 ? null : e)),
        new Int8()
      )
    ]);
    if (entry) vectors.push([`${id}_entry`, numberVector(entry)]);
  }
  const fields = vectors.map(([name, vector]) => new Field(name, vector.type as DataType, true));
  const schema = new Schema(fields, new Map([["stratum", JSON.stringify(provenance)]]));
  const data = makeData({
    type: new Struct(fields),
    length: study.patients.length,
    nullCount: 0,
    children: vectors.map(([, vector]) => vector.data[0])
  });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), "stream");
}

function variableVector(variable: Variable, column: Column): Vector {
  if (variable.type === "numeric") return numberVector(column as Float64Array);
  const dictionary = vectorFromArray(
    variable.levels!.map(({value}) => value),
    new Utf8()
  );
  const index = new Map(variable.levels!.map(({value}, l) => [value, l]));
  const type = new Dictionary(new Utf8(), new Int32());
  const codes = Int32Array.from(column as readonly (string | null)[], (v) => (v === null ? 0 : index.get(v)!));
  const {nullBitmap, nullCount} = validity(codes.length, (i) => column[i] !== null);
  return makeVector(makeData({type, length: codes.length, nullCount, nullBitmap, data: codes, dictionary}));
}

/** NaN becomes null. */
function numberVector(values: Float64Array): Vector {
  const {nullBitmap, nullCount} = validity(values.length, (i) => !Number.isNaN(values[i]));
  return makeVector(makeData({type: new Float64(), length: values.length, nullCount, nullBitmap, data: values}));
}

function validity(length: number, present: (row: number) => boolean) {
  const nullBitmap = new Uint8Array(Math.ceil(length / 64) * 8);
  let nullCount = 0;
  for (let i = 0; i < length; i++)
    if (present(i)) nullBitmap[i >> 3] |= 1 << (i & 7);
    else nullCount++;
  return {nullBitmap, nullCount};
}
