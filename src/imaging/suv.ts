import {type BodyNorm, toBodyWeight} from "./bodySize.js";
import {doseLeft} from "./doseLeft.js";
import {ImageError} from "./imageError.js";
import {positive, shown, type UncheckedFacts} from "./readFacts.js";

export type {PetFacts, SliceFacts} from "./petFacts.js";

/** How a PET image becomes SUV by body weight. */
export interface SuvConversion {
  /** SUV = value × factor: one factor for all slices, or one for each. */
  readonly factors: readonly number[];
  /** In words, the same for all patients converted so. */
  readonly rule: string;
  /** This patient's figures, in words. */
  readonly detail: string;
}

/**
 * How to turn values (after rescale slope and intercept) into SUV by body weight (g/ml).
 *
 * BQML: weight in g / dose left (see `doseLeft`). GML: 1, or weight / lean or ideal mass where the SUV is by these.
 * CM2ML: weight / body surface. CNTS: Philips's SUV factor, or its activity factor and then as BQML.
 *
 * @param facts - `PetFacts`, e.g. parsed JSON of a sidecar; checked here
 * @param file - how messages call it
 * @throws {ImageError} one sentence naming the fact that is missing or impossible, and the mend
 * @see DICOM PS3.3 C.8.9.1 (PET Series) and C.8.9.2 (PET Isotope); QIBA SUV vendor-neutral pseudo-code; the IBSI test
 *   objects for SUV (oncoray/suv_computation)
 */
export function suvConversion(facts: unknown, file: string): SuvConversion {
  if (typeof facts !== "object" || facts === null || Array.isArray(facts)) {
    throw new ImageError(file, 'must hold one JSON object with the PET facts, e.g. {"Units": "BQML", …}.');
  }
  const read = facts as UncheckedFacts;
  requireAttenuationCorrection(read["CorrectedImage"], file);
  switch (read["Units"]) {
    case "GML":
      return fromSuv(read, file);
    case "CM2ML":
      requireSuvType(read, ["BSA"], file);
      return fromNorm(read, "BSA", file);
    case "CNTS":
      return fromCounts(read, file);
    case "BQML":
      return fromActivity(read, 1, "BQML", file);
    default:
      throw new ImageError(
        file,
        `Units is ${shown(read["Units"])}; it must be "BQML" (Bq/ml), "GML" or "CM2ML" (SUV already), or "CNTS" with Philips's factors. State it, or export the series in Bq/ml.`
      );
  }
}

/** The one factor of an image whose facts hold for all its slices; see `suvConversion`. */
export function suvFactor(facts: unknown, file: string): number {
  return suvConversion(facts, file).factors[0];
}

function fromActivity(read: UncheckedFacts, perValue: number, units: string, file: string): SuvConversion {
  const kg = weightOf(read, file);
  const stated = positive(read, "RadionuclideTotalDose", "the injected dose in Bq", file);
  const inMegabecquerel = stated < 1e5;
  const becquerel = inMegabecquerel ? stated * 1e6 : stated;
  const {shares, rule, detail} = doseLeft(read, file);
  const unit = inMegabecquerel ? ", dose taken as MBq" : "";
  const figures = `${kg} kg, ${Number((becquerel / 1e6).toPrecision(6))} MBq`;
  return {
    factors: shares.map((share) => (perValue * 1000 * kg) / (becquerel * share)),
    rule: `${units}: ${rule}${unit}${gramsNote(read)}`,
    detail: detail === "" ? figures : `${figures}, ${detail}`
  };
}

function fromSuv(read: UncheckedFacts, file: string): SuvConversion {
  const norm = requireSuvType(read, ["BW", "LBM", "LBMJAMES128", "LBMJANMA", "IBW"], file);
  return norm === "BW"
    ? {factors: [1], rule: "GML: SUV already, left as it is", detail: ""}
    : fromNorm(read, norm, file);
}

function fromNorm(read: UncheckedFacts, norm: BodyNorm, file: string): SuvConversion {
  const weightKg = weightOf(read, file);
  const heightM = positive(read, "PatientSize", "the body height in metres", file);
  if (heightM < 0.3 || heightM > 2.6) {
    throw new ImageError(file, `PatientSize is ${heightM}; it must be the body height in metres. Correct it.`);
  }
  const sex = norm === "BSA" ? "O" : read["PatientSex"];
  if (sex !== "M" && sex !== "F" && sex !== "O") {
    const mend = `SUV by ${norm} needs "M", "F" or "O". Add it.`;
    throw new ImageError(file, `PatientSex is ${shown(sex)}; ${mend}`);
  }
  return {
    factors: [toBodyWeight(norm, {weightKg, heightM, sex}, file)],
    rule: `${norm === "BSA" ? "CM2ML" : "GML"}: SUV by ${norm}, times weight over ${norm}${gramsNote(read)}`,
    detail: `${weightKg} kg, ${heightM} m, ${sex}`
  };
}

/** SUVType, or the first allowed one where it is absent. */
function requireSuvType<T extends string>(read: UncheckedFacts, allowed: readonly T[], file: string): T {
  const stated = read["SUVType"];
  const type = stated == null || stated === "" ? allowed[0] : allowed.find((one) => one === stated);
  if (type) return type;
  throw new ImageError(
    file,
    `SUVType is ${shown(stated)} with Units ${shown(read["Units"])}; ${allowed.join(", ")} can be read. Export the series in Bq/ml.`
  );
}

function fromCounts(read: UncheckedFacts, file: string): SuvConversion {
  const [toSuv, toActivity] = [read["PhilipsSUVScaleFactor"], read["PhilipsActivityConcentrationScaleFactor"]];
  const given = (factor: unknown): factor is number => typeof factor === "number" && factor > 0 && factor < Infinity;
  if (given(toSuv)) return {factors: [toSuv], rule: "CNTS: Philips's SUV factor (7053,1000)", detail: `${toSuv}`};
  if (given(toActivity)) return fromActivity(read, toActivity, "CNTS by Philips's activity factor (7053,1009)", file);
  throw new ImageError(
    file,
    "Units is CNTS (counts) without Philips's factors (7053,1000) or (7053,1009), so it cannot become SUV; export the series in Bq/ml."
  );
}

function weightOf(read: UncheckedFacts, file: string): number {
  const weight = positive(read, "PatientWeight", "the body weight in kg", file);
  return isGrams(weight) ? weight / 1000 : weight;
}

const isGrams = (weight: unknown) => typeof weight === "number" && weight > 1000;
const gramsNote = (read: UncheckedFacts) => (isGrams(read["PatientWeight"]) ? ", weight taken as grams" : "");

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
