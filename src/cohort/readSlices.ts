import {tableFromIPC} from "apache-arrow";
import {unpackMask, unpackValues} from "./slicePacking.js";

/** What holds for every slice of a file; in the schema's metadata under `stratum.slices`. */
export interface SlicesFacts {
  readonly modality: "pet" | "ct";
  readonly unit: "SUVbw" | "HU";
  /** Side of the field in pixels. */
  readonly pixels: number;
  /** Values are kept in whole steps, in `unit`. */
  readonly step: number;
  /** Between these the network sees shades. */
  readonly window: readonly [number, number];
  /** Occlusion: squares a side, and side of one and distance to the next as shares of the network's square. */
  readonly occlusion: {readonly squares: number; readonly side: number; readonly stride: number};
  /** Of the network. */
  readonly sha256: string;
}

/** The slice of a patient's largest tumour area, and what the network made of it. */
export interface PatientSlice {
  readonly patient: string;
  /** pixels × pixels; NaN outside the volume. */
  readonly values: Float32Array;
  /** pixels × pixels: 1 in the tumour. */
  readonly mask: Uint8Array;
  /** Side of the field, and of the network's square in its middle. */
  readonly fieldMm: number;
  readonly sideMm: number;
  /** Counted from the feet. */
  readonly slice: number;
  readonly areaMm2: number;
  /**
   * squares × squares, row by row: by how many SD the signature falls when that square of the image is covered. Positive:
   * what is there raises the risk.
   */
  readonly influence: Float32Array;
}

/** The published slices of one modality; each is unpacked when asked for. */
export interface Slices {
  readonly facts: SlicesFacts;
  readonly patients: readonly string[];
  /** Null for a patient who has none. */
  of(patient: string): PatientSlice | null;
}

/** Reads `data/pet-slices.arrow` or `data/ct-slices.arrow`; an empty file holds none. @returns null then */
export function readSlices(bytes: Uint8Array): Slices | null {
  if (bytes.length === 0) return null;
  const table = tableFromIPC(bytes);
  const facts = JSON.parse(table.schema.metadata.get("stratum.slices")!) as SlicesFacts;
  const column = (name: string) => table.getChild(name)!;
  const patients = [...(column("patient") as Iterable<string>)];
  const row = new Map(patients.map((patient, i) => [patient, i]));
  const number = (name: string, i: number) => Number(column(name).get(i));
  return {
    facts,
    patients,
    of(patient) {
      const i = row.get(patient);
      if (i === undefined) return null;
      return {
        patient,
        values: unpackValues(column("values").get(i) as Uint8Array, facts.step),
        mask: unpackMask(column("mask").get(i) as Uint8Array),
        fieldMm: number("field_mm", i),
        sideMm: number("side_mm", i),
        slice: number("slice", i),
        areaMm2: number("area_mm2", i),
        influence: Float32Array.from((column("influence").get(i) as {toArray(): Float32Array}).toArray())
      };
    }
  };
}
