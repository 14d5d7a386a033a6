import {
  Dictionary,
  Field,
  Float64,
  Int32,
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
import type {Provenance} from "../../src/cohort/description.js";
import type {SlicesFacts} from "../../src/cohort/readSlices.js";

/**
 * A table as Arrow's stream format.
 *
 * @param columns - of one length
 * @param about - JSON in the schema's metadata, by key; `stratum` is the provenance
 * @param nullable - whether a value may be missing
 */
export function arrowStream(
  columns: readonly (readonly [string, Vector])[],
  about: {readonly stratum: Provenance} | {readonly "stratum.slices": SlicesFacts},
  nullable = true
): Uint8Array {
  const fields = columns.map(([name, vector]) => new Field(name, vector.type as DataType, nullable));
  const metadata = Object.entries(about).map(([key, value]): [string, string] => [key, JSON.stringify(value)]);
  const schema = new Schema(fields, new Map(metadata));
  const data = makeData({
    type: new Struct(fields),
    length: columns[0][1].length,
    nullCount: 0,
    children: columns.map(([, vector]) => vector.data[0])
  });
  return tableToIPC(new Table(schema, [new RecordBatch(schema, data)]), "stream");
}

/** @param code - by row: index into `values`, negative where missing */
export function dictionaryVector(values: readonly string[], code: ArrayLike<number>): Vector {
  const dictionary = vectorFromArray([...values], new Utf8());
  const type = new Dictionary(new Utf8(), new Int32());
  const codes = Int32Array.from(code, (c) => Math.max(0, c));
  const {nullBitmap, nullCount} = validity(codes.length, (i) => code[i] >= 0);
  return makeVector(makeData({type, length: codes.length, nullCount, nullBitmap, data: codes, dictionary}));
}

/** NaN becomes null. */
export function numberVector(values: Float64Array): Vector {
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
