import {ImageError} from "./imageError.js";
import {secondsBetween} from "./dicomTime.js";

/** The facts of a PET series that SUV needs, by DICOM keyword: the content of the JSON file beside the image. */
export interface PetFacts {
  /** BQML: the image holds Bq/ml, decay-corrected. GML: the image holds SUV by body weight already. */
  readonly Units: "BQML" | "GML";
  /** What decay correction refers to: START the start of the series, ADMIN the injection. Needed with BQML. */
  readonly DecayCorrection?: "START" | "ADMIN";
  /** kg; a value over 1000 is taken as grams. */
  readonly PatientWeight?: number;
  /** Bq at injection; a value under 100,000 is taken as MBq. */
  readonly RadionuclideTotalDose?: number;
  /** Seconds; F-18: 6586.2. */
  readonly RadionuclideHalfLife?: number;
  /** DICOM TM ("HHMMSS.ffffff") or "HH:MM:SS". */
  readonly RadiopharmaceuticalStartTime?: string;
  /** DICOM DT ("YYYYMMDDHHMMSS"), preferred where present. */
  readonly RadiopharmaceuticalStartDateTime?: string;
  readonly SeriesTime?: string;
  /** DICOM DA ("YYYYMMDD"). */
  readonly SeriesDate?: string;
  readonly AcquisitionTime?: string;
  /** Only looked at where present: must hold ATTN. */
  readonly CorrectedImage?: string | readonly string[];
}

/**
 * The factor from stored values to SUV by body weight (g/ml): SUV = value × factor.
 *
 * BQML: weight in g / dose at the time decay correction refers to. With START the injected dose is decayed from the
 * injection to the start of the series, dose × 2^(−Δt / half-life); with ADMIN the image is already corrected to the
 * injection. GML: 1.
 *
 * @param facts - parsed JSON of the sidecar; checked here
 * @param file - how messages call the sidecar
 * @throws {ImageError} one sentence naming the fact that is missing or impossible, and the mend
 * @see DICOM PS3.3 C.8.9.1 (PET Series) and C.8.9.2 (PET Isotope); QIBA SUV vendor-neutral pseudo-code (BQML branch)
 */
export function suvFactor(facts: unknown, file: string): number {
  if (typeof facts !== "object" || facts === null || Array.isArray(facts)) {
    throw new ImageError(file, 'must hold one JSON object with the PET facts, e.g. {"Units": "BQML", …}.');
  }
  const read = facts as Readonly<Record<string, unknown>>;
  requireAttenuationCorrection(read["CorrectedImage"], file);
  const units = read["Units"];
  if (units === "GML") return 1;
  if (units !== "BQML") {
    throw new ImageError(file, `Units is ${shown(units)}; it must be "BQML" (Bq/ml) or "GML" (SUV already). State it.`);
  }
  const weight = positive(read, "PatientWeight", "the body weight in kg", file);
  const dose = positive(read, "RadionuclideTotalDose", "the injected dose in Bq", file);
  const grams = weight > 1000 ? weight : weight * 1000;
  const becquerel = dose < 1e5 ? dose * 1e6 : dose;
  return grams / (becquerel * decay(read, file));
}

/** Share of the injected dose left at the time the image is decay-corrected to. */
function decay(read: Readonly<Record<string, unknown>>, file: string): number {
  const correction = read["DecayCorrection"];
  if (correction === "ADMIN") return 1;
  if (correction !== "START") {
    const mend = 'it must be "START" or "ADMIN"; export the series decay-corrected.';
    throw new ImageError(file, `DecayCorrection is ${shown(correction)}; ${mend}`);
  }
  const halfLife = positive(read, "RadionuclideHalfLife", "the half-life in seconds (F-18: 6586.2)", file);
  return 2 ** (-secondsFromInjection(read, file) / halfLife);
}

function secondsFromInjection(read: Readonly<Record<string, unknown>>, file: string): number {
  const injectionKey =
    read["RadiopharmaceuticalStartDateTime"] == null
      ? "RadiopharmaceuticalStartTime"
      : "RadiopharmaceuticalStartDateTime";
  const injection = text(read, injectionKey, "the time of injection", file);
  const series = text(read, "SeriesTime", "the time the series began", file);
  const acquisition = read["AcquisitionTime"];
  // A series time after the acquisition was set by post-processing: decay correction does not refer to it.
  if (typeof acquisition === "string") {
    const late = secondsBetween(acquisition, series);
    if (late !== null && late > 1 && late < 43_200) {
      throw new ImageError(
        file,
        `SeriesTime ${series} is later than AcquisitionTime ${acquisition}, so it is not the time of decay correction; give the time the original series began.`
      );
    }
  }
  const date = typeof read["SeriesDate"] === "string" ? read["SeriesDate"] : null;
  const seconds = secondsBetween(injection, series, date);
  if (seconds === null) {
    throw new ImageError(
      file,
      `${injectionKey} "${injection}" and SeriesTime "${series}" must be DICOM times such as "093000"; correct them.`
    );
  }
  if (seconds < 0) {
    throw new ImageError(file, `the injection (${injection}) is later than the series (${series}); correct the times.`);
  }
  return seconds;
}

function requireAttenuationCorrection(corrected: unknown, file: string): void {
  if (corrected == null) return;
  const parts = (Array.isArray(corrected) ? corrected : String(corrected).split("\\")).map(String);
  if (!parts.includes("ATTN")) {
    throw new ImageError(
      file,
      "CorrectedImage lacks ATTN; SUV needs the attenuation-corrected series: export that one."
    );
  }
}

function positive(read: Readonly<Record<string, unknown>>, key: string, what: string, file: string): number {
  const value = read[key];
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    throw new ImageError(file, `${key} is ${shown(value)}; it must be ${what}, greater than 0. Add it.`);
  }
  return value;
}

function text(read: Readonly<Record<string, unknown>>, key: string, what: string, file: string): string {
  const value = read[key];
  if (typeof value !== "string" || value === "") {
    throw new ImageError(file, `${key} is ${shown(value)}; it must be ${what}, e.g. "093000". Add it.`);
  }
  return value;
}

function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
