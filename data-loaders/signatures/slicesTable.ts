import {Binary, Field, FixedSizeList, Float32, Float64, Int32, Utf8, type Vector, vectorFromArray} from "apache-arrow";
import {arrowStream} from "../analysis/arrowColumns.js";
import type {SlicesFacts} from "../../src/cohort/readSlices.js";

/** A patient's slice as it is published: see `PatientSlice` of src/cohort/readSlices.ts. */
export interface PackedSlice {
  readonly patient: string;
  /** By `packValues` and `packMask`. */
  readonly values: Uint8Array;
  readonly mask: Uint8Array;
  readonly fieldMm: number;
  readonly sideMm: number;
  readonly slice: number;
  readonly areaMm2: number;
  /** In SD. */
  readonly influence: Float32Array;
}

/** The slices of one modality as Arrow's stream format, one row a patient. */
export function slicesTable(facts: SlicesFacts, slices: readonly PackedSlice[]): Uint8Array {
  const influence = new FixedSizeList(facts.occlusion.squares ** 2, new Field("item", new Float32(), false));
  const column = <T>(of: (slice: PackedSlice) => T) => slices.map(of);
  const vectors: [string, Vector][] = [
    ["patient", vectorFromArray(column(({patient}) => patient), new Utf8())],
    ["slice", vectorFromArray(column(({slice}) => slice), new Int32())],
    ["field_mm", vectorFromArray(column(({fieldMm}) => fieldMm), new Float64())],
    ["side_mm", vectorFromArray(column(({sideMm}) => sideMm), new Float64())],
    ["area_mm2", vectorFromArray(column(({areaMm2}) => areaMm2), new Float64())],
    ["values", vectorFromArray(column(({values}) => values), new Binary())],
    ["mask", vectorFromArray(column(({mask}) => mask), new Binary())],
    ["influence", vectorFromArray(column((slice) => slice.influence), influence)]
  ]; // prettier-ignore
  return arrowStream(vectors, {"stratum.slices": facts}, false);
}
