import {ImageError} from "./imageError.js";
import {positive, shown, type UncheckedFacts} from "./readFacts.js";
import type {SuvConversion} from "./suv.js";

/** Seconds, as scanners write them into DICOM headers: BIDS names the nuclide alone. */
const halfLives: Readonly<Record<string, number>> = {
  F18: 6586.2,
  GA68: 4057.7,
  C11: 1221.8,
  ZR89: 282_276,
  CU64: 45_721,
  I124: 360_806,
  N13: 597.9,
  O15: 122.24
};

/** Becquerel per unit of activity. */
const becquerels: Readonly<Record<string, number>> = {BQ: 1, KBQ: 1e3, MBQ: 1e6, GBQ: 1e9};

/** Whether a sidecar is BIDS's and not DICOM's keywords. */
export function isBidsPet(facts: UncheckedFacts): boolean {
  return "InjectedRadioactivity" in facts || "TracerRadionuclide" in facts || "ImageDecayCorrected" in facts;
}

/**
 * How a BIDS PET image becomes SUV by body weight.
 *
 * Decay-corrected: weight / (activity · 2^(−Δt / half-life)), Δt from InjectionStart to ImageDecayCorrectionTime. Not
 * corrected: as DICOM's NONE, with FrameTimesStart and FrameDuration.
 *
 * @param facts - the sidecar's JSON
 * @param weightKg - BIDS has no weight there: from participants.tsv, column weight
 * @throws {ImageError} naming the fact that is missing or impossible
 * @see bids-specification, schema/rules/sidecars/pet.yaml; all times in seconds from TimeZero
 */
export function bidsConversion(facts: UncheckedFacts, weightKg: number | null, file: string): SuvConversion {
  const stated = typeof facts["Units"] === "string" ? /^([kMG]?Bq)\/mL$/i.exec(facts["Units"].trim()) : null;
  if (!stated) throw new ImageError(file, `Units is ${shown(facts["Units"])}; it must be "Bq/mL". Correct it.`);
  if (
    facts["AttenuationCorrection"] === undefined ||
    /^(none|no)?$/i.test(String(facts["AttenuationCorrection"]).trim())
  ) {
    throw new ImageError(file, "AttenuationCorrection names none; SUV needs the corrected image: give that one.");
  }
  const weight = weightKg ?? facts["PatientWeight"];
  if (typeof weight !== "number" || !(weight > 0 && weight < Infinity)) {
    throw new ImageError(
      file,
      "the body weight is missing; add PatientWeight (kg) here, or a column weight to participants.tsv."
    );
  }
  const grams = weight > 1000 ? weight : 1000 * weight;
  const perValue = becquerels[stated[1].toUpperCase()];
  const dose = positive(facts, "InjectedRadioactivity", "the injected activity", file) * activityUnit(facts, file);
  const {share, rule, detail} = left(facts, file);
  return {
    factors: [(perValue * grams) / (dose * share)],
    rule: `BIDS, ${stated[0]}: ${rule}`,
    detail: `${grams / 1000} kg, ${Number((dose / 1e6).toPrecision(6))} MBq, ${detail}`
  };
}

function activityUnit(facts: UncheckedFacts, file: string): number {
  const unit = facts["InjectedRadioactivityUnits"];
  const scale = typeof unit === "string" ? becquerels[unit.trim().toUpperCase()] : undefined;
  if (scale === undefined) {
    throw new ImageError(file, `InjectedRadioactivityUnits is ${shown(unit)}; it must be e.g. "MBq". Correct it.`);
  }
  return scale;
}

/** Share of the dose left. */
function left(facts: UncheckedFacts, file: string): {share: number; rule: string; detail: string} {
  const halfLife = halfLifeOf(facts, file);
  const injected = seconds(facts, "InjectionStart", file);
  const corrected = facts["ImageDecayCorrected"];
  if (corrected !== true && corrected !== false) {
    throw new ImageError(file, `ImageDecayCorrected is ${shown(corrected)}; it must be true or false. State it.`);
  }
  const at = corrected ? seconds(facts, "ImageDecayCorrectionTime", file) : firstOf(facts, "FrameTimesStart", file);
  const since = at - injected;
  if (since < 0 || since > 10 * halfLife) {
    const place = corrected ? "ImageDecayCorrectionTime" : "FrameTimesStart";
    throw new ImageError(file, `${place} lies ${since} s after InjectionStart, which cannot be; correct the times.`);
  }
  const decayed = 2 ** (-since / halfLife);
  const detail = `${(since / 60).toFixed(1)} min after the injection, half-life ${halfLife} s`;
  if (corrected) return {share: decayed, rule: "dose decayed to ImageDecayCorrectionTime", detail};
  const x = (Math.LN2 / halfLife) * firstOf(facts, "FrameDuration", file);
  if (!(x > 0)) throw new ImageError(file, "FrameDuration must be above 0 s; correct it.");
  return {share: (decayed * -Math.expm1(-x)) / x, rule: "not decay-corrected: mean over the frame", detail};
}

function halfLifeOf(facts: UncheckedFacts, file: string): number {
  if (facts["RadionuclideHalfLife"] !== undefined) {
    return positive(facts, "RadionuclideHalfLife", "the half-life in seconds", file);
  }
  const nuclide = facts["TracerRadionuclide"];
  const letters = typeof nuclide === "string" ? nuclide.replace(/[^a-z0-9]/gi, "").toUpperCase() : "";
  // "F18" and "18F" alike.
  const known = halfLives[letters] ?? halfLives[letters.replace(/^(\d+)([A-Z]+)$/, "$2$1")];
  if (known) return known;
  throw new ImageError(file, `TracerRadionuclide is ${shown(nuclide)}; add its RadionuclideHalfLife in seconds.`);
}

function seconds(facts: UncheckedFacts, key: string, file: string): number {
  const value = facts[key];
  if (typeof value !== "number" || !Number.isFinite(value)) {
    throw new ImageError(file, `${key} is ${shown(value)}; it must be seconds from TimeZero. Add it.`);
  }
  return value;
}

/** Of the one frame that a 3-D image has. */
function firstOf(facts: UncheckedFacts, key: string, file: string): number {
  const values = facts[key];
  return seconds({[key]: Array.isArray(values) ? (values as unknown[])[0] : values}, key, file);
}
