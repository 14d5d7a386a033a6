import {dated, secondsAfter, secondsBetween, timeOfDay} from "./dicomTime.js";
import {ImageError} from "./imageError.js";
import type {SliceFacts} from "./petFacts.js";
import {positive, shown, textOf, type UncheckedFacts} from "./readFacts.js";

/** The dose that a slice's values are to be divided by, and how it was found. */
export interface DoseLeft {
  /** Share of the injected dose, one for each slice (or one for all). */
  readonly shares: readonly number[];
  /** In words, e.g. "dose decayed to the start of the series (SeriesTime)". */
  readonly rule: string;
  /** With this patient's figures; empty where nothing was computed. */
  readonly detail: string;
}

/** A tracer of a longer half-life may be scanned days after it was given: a time of day alone does not do. */
const longLivedSeconds = 12 * 3600;
/** Where the date of injection cannot be right, a time of day counts that lies at most so long before the scan. */
const plausibleUptakeSeconds = 6 * 3600;
/** After more half-lives than these no image can be had: a time is wrong. */
const mostHalfLives = 10;

/**
 * The share of the injected dose left at the time that the values are decay-corrected to.
 *
 * ADMIN: all of it. START: 2^(−Δt / half-life), Δt from the injection to the reference time. NONE: for each slice
 * e^(−λΔt) · (1 − e^(−λT)) / λT, Δt to the slice's acquisition and T its duration: the mean over the frame.
 *
 * @throws {ImageError} naming the fact that is missing or impossible
 * @see DICOM PS3.3 C.8.9.1.1.5; QIBA, SUV computation; manual of the IBSI test objects for SUV
 */
export function doseLeft(facts: UncheckedFacts, file: string): DoseLeft {
  const correction = facts["DecayCorrection"];
  if (correction === "ADMIN") return {shares: [1], rule: "image decay-corrected to the injection", detail: ""};
  if (correction !== "START" && correction !== "NONE") {
    const mend = 'it must be "START", "ADMIN" or "NONE"; state what the image is corrected to.';
    throw new ImageError(file, `DecayCorrection is ${shown(correction)}; ${mend}`);
  }
  const halfLife = positive(facts, "RadionuclideHalfLife", "the half-life in seconds (F-18: 6586.2)", file);
  return correction === "START" ? atReference(facts, halfLife, file) : atEachSlice(facts, halfLife, file);
}

function atReference(facts: UncheckedFacts, halfLife: number, file: string): DoseLeft {
  const {time, offset, from} = referenceTime(facts, halfLife, file);
  const {seconds, note} = sinceInjection(facts, time, halfLife, offset, file);
  return {
    shares: [2 ** (-seconds / halfLife)],
    rule: `dose decayed to the start of the series (${from})${note}`,
    detail: `${(seconds / 60).toFixed(1)} min after the injection, half-life ${halfLife} s`
  };
}

function atEachSlice(facts: UncheckedFacts, halfLife: number, file: string): DoseLeft {
  const decay = Math.LN2 / halfLife;
  let note = "";
  const shares = slicesOf(facts).map((slice) => {
    const acquired = textOf(slice, "AcquisitionTime", "the time the slice was acquired", file);
    const since = sinceInjection(facts, dated(acquired, dateOf(slice, "AcquisitionDate")), halfLife, 0, file);
    note ||= since.note;
    return 2 ** (-since.seconds / halfLife) / frameDecay(decay * frameSeconds(slice, file));
  });
  const rule = `not decay-corrected: dose decayed to each slice's acquisition, mean over its frame${note}`;
  return {shares, rule, detail: `half-life ${halfLife} s`};
}

/** Activity at the start of a frame over its mean within the frame; x = λT. */
const frameDecay = (x: number) => x / -Math.expm1(-x);

function frameSeconds(slice: UncheckedFacts, file: string): number {
  return positive(slice, "ActualFrameDuration", "the duration of the frame in ms", file) / 1000;
}

/** The time decay correction START refers to: `offset` seconds after `time`. */
interface ReferenceTime {
  readonly time: string;
  readonly offset: number;
  readonly from: string;
}

/**
 * SeriesTime, unless it was set by later processing, that is, lies after the first acquisition: then GE's own time of the
 * scan, or the acquisition reckoned back by FrameReferenceTime.
 */
function referenceTime(facts: UncheckedFacts, halfLife: number, file: string): ReferenceTime {
  const acquired = slicesOf(facts).flatMap((slice) =>
    typeof slice["AcquisitionTime"] === "string" && slice["AcquisitionTime"] !== ""
      ? [{slice, time: dated(slice["AcquisitionTime"], dateOf(slice, "AcquisitionDate"))}]
      : []
  );
  const first = acquired.reduce<(typeof acquired)[number] | null>(
    (earliest, one) => (earliest && !((secondsAfter(one.time, earliest.time) ?? 0) < 0) ? earliest : one),
    null
  );
  const [scan, stated] = [facts["GEScanDateTime"], facts["SeriesTime"]];
  const given = (text: unknown): text is string => typeof text === "string" && text !== "";
  if (given(stated)) {
    const time = dated(stated, dateOf(facts, "SeriesDate"));
    // A second is rounding: one of the two is often written without its fraction.
    const late = first ? secondsAfter(time, first.time) : null;
    if (late === null || late <= 1) return {time, offset: 0, from: "SeriesTime"};
  }
  if (given(scan)) return {time: scan, offset: 0, from: "GE's time of the scan"};
  if (first && first.slice["FrameReferenceTime"] !== undefined) {
    const milliseconds = positive(first.slice, "FrameReferenceTime", "the frame's reference time in ms", file);
    const decay = Math.LN2 / halfLife;
    const mean = Math.log(frameDecay(decay * frameSeconds(first.slice, file))) / decay;
    return {time: first.time, offset: mean - milliseconds / 1000, from: "reckoned back by FrameReferenceTime"};
  }
  const series = textOf(facts, "SeriesTime", "the time the series began", file);
  throw new ImageError(
    file,
    `SeriesTime ${series} is later than AcquisitionTime ${String(first?.slice["AcquisitionTime"])}, so it is not the time of decay correction; give the time the original series began.`
  );
}

/** Seconds from the injection to `offset` after a time, and what was found odd about it. */
function sinceInjection(
  facts: UncheckedFacts,
  time: string,
  halfLife: number,
  offset: number,
  file: string
): {seconds: number; note: string} {
  const key = facts["RadiopharmaceuticalStartDateTime"] == null ? "RadiopharmaceuticalStartTime" : "RadiopharmaceuticalStartDateTime"; // prettier-ignore
  const injection = textOf(facts, key, "the time of injection", file);
  const longLived = halfLife > longLivedSeconds;
  if (longLived && timeOfDay(injection) === injection.trim()) {
    const mend = "a tracer of so long a half-life needs RadiopharmaceuticalStartDateTime: add it.";
    throw new ImageError(file, `${key} "${injection}" has no date; ${mend}`);
  }
  const stated = secondsBetween(injection, time);
  if (stated === null) {
    throw new ImageError(
      file,
      `${key} "${injection}" and SeriesTime or AcquisitionTime "${time}" must be DICOM times such as "093000"; correct them.`
    );
  }
  let seconds = stated + offset;
  let note = "";
  if (!longLived && (seconds < 0 || seconds > 86_400)) {
    // De-identified dates: the tracer cannot have lasted so long, nor be given after the scan.
    const byClock = (secondsBetween(timeOfDay(injection), timeOfDay(time)) ?? NaN) + offset;
    if (byClock >= 0 && byClock <= plausibleUptakeSeconds) {
      seconds = byClock;
      note = "; the date of injection cannot be right, its time of day was used";
    }
  }
  if (seconds < 0) {
    throw new ImageError(file, `the injection (${injection}) is later than the series (${time}); correct the times.`);
  }
  if (seconds > mostHalfLives * halfLife) {
    throw new ImageError(
      file,
      `the scan (${time}) lies ${(seconds / 3600).toFixed(1)} h after the injection (${injection}), ${(seconds / halfLife).toFixed(0)} half-lives; correct the times.`
    );
  }
  return {seconds, note};
}

/** The facts of each slice; of a sidecar, the facts themselves. */
function slicesOf(facts: UncheckedFacts): readonly UncheckedFacts[] {
  const slices = facts["Slices"] as readonly SliceFacts[] | undefined;
  return (slices ?? [facts]) as readonly UncheckedFacts[];
}

function dateOf(facts: UncheckedFacts, key: string): string | null {
  return typeof facts[key] === "string" ? facts[key] : null;
}
