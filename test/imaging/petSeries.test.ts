import {describe, expect, it} from "vitest";
import {readPetSeries} from "../../src/imaging/petSeries.js";
import {injected, petHeader, type Phantom, phantomSeries} from "./dicomPhantom.js";
import type {DicomItem} from "./dicomWriter.js";

interface Changes {
  readonly items?: DicomItem;
  /** Elements of the injection that are not those above; null: absent. */
  readonly tracer?: Readonly<Record<string, DicomItem[string] | null>>;
  /** Elements of each slice. */
  readonly slice?: (slice: number) => DicomItem;
  readonly without?: readonly string[];
  readonly phantom?: Phantom;
}

function pet({items = {}, tracer = {}, slice, without = [], phantom = {}}: Changes = {}) {
  const one = Object.fromEntries(Object.entries({...injected, ...tracer}).filter(([, value]) => value !== null));
  const more = (k: number): DicomItem => {
    const all: DicomItem = {...petHeader, "0054,0016": ["SQ", [one as DicomItem]], ...items, ...slice?.(k)};
    return Object.fromEntries(Object.entries(all).filter(([tag]) => !without.includes(tag)));
  };
  return readPetSeries(phantomSeries({modality: "PT", value: () => 1000, ...phantom, more}), "pet");
}

const suvType = (type: string, sex: string): Changes => ({
  items: {"0054,1001": ["CS", "GML"], "0054,1006": ["CS", type], "0010,0040": ["CS", sex]}
});
const counts: DicomItem = {"0054,1001": ["CS", "CNTS"], "7053,0010": ["LO", "Philips PET Private Group"]};
/** The series' time was set an hour after the scan, by later processing. */
const late: DicomItem = {"0008,0031": ["TM", "123000"]};
/** A frame an hour and a half after the injection, its reference time 1859.5 s after that of decay correction. */
const frame: DicomItem = {"0008,0032": ["TM", "113000"], "0054,1300": ["DS", 1859500]};
const night: DicomItem = {
  "0008,0021": ["DA", "20230511"],
  "0008,0022": ["DA", "20230511"],
  "0008,0031": ["TM", "003000"],
  "0008,0032": ["TM", "003000"]
};

describe("readPetSeries", () => {
  // Each factor by hand (R, 13 digits) from the formula beside it; λ = ln 2 / T½.
  it.each<[string, Changes, number, RegExp]>([
    // 80,000 / (4e8 · 2^(−3600/6588))
    [
      "BQML corrected to the start",
      {},
      0.0002920971106429,
      /^BQML: dose decayed to the start of the series \(SeriesTime\)$/
    ],
    ["GML", {items: {"0054,1001": ["CS", "GML"]}}, 1, /^GML: SUV already, left as it is$/],
    ["GML by body weight", suvType("BW", "M"), 1, /left as it is/],
    // W / (1.10 W − 128 (W/H)²), H in cm; female 1.07 and 148; other: W over the mean of the two
    ["SUV by lean mass (James), male", suvType("LBMJAMES128", "M"), 1.275590551181, /SUV by LBMJAMES128/],
    ["SUV by lean mass (James), female", suvType("LBMJAMES128", "F"), 1.419309619765, /LBMJAMES128/],
    ["SUV by lean mass (James), other", suvType("LBMJAMES128", "O"), 1.343617815377, /LBMJAMES128/],
    // W / (1.10 W − 120 (W/H)²)
    ["SUV by lean mass, the standard's figure", suvType("LBM", "M"), 1.244239631336, /SUV by LBM,/],
    // W / (48 + 1.06 (H − 152)); female 45.5 + 0.91 (H − 152)
    ["SUV by ideal weight, male", suvType("IBW", "M"), 1.029866117405, /IBW/],
    ["SUV by ideal weight, female", suvType("IBW", "F"), 1.127078050155, /IBW/],
    ["SUV by ideal weight, other", suvType("IBW", "O"), 1.076281447599, /IBW/],
    // W (6680 + 216 BMI) / (9270 W); female 8780 + 244 BMI
    ["SUV by lean mass (Janmahasatian), male", suvType("LBMJANMA", "M"), 1.295936713412, /JANMA/],
    ["SUV by lean mass (Janmahasatian), female", suvType("LBMJANMA", "F"), 1.597054083929, /JANMA/],
    ["SUV by lean mass (Janmahasatian), other", suvType("LBMJANMA", "O"), 1.430824475882, /JANMA/],
    // 80,000 g / (10,000 · 0.007184 H^0.725 W^0.425 cm²)
    ["SUV by body surface", {items: {"0054,1001": ["CS", "CM2ML"]}}, 4.007170787494, /^CM2ML: SUV by BSA/],
    [
      "counts with Philips's SUV factor",
      {items: {...counts, "7053,1000": ["DS", 0.0125], "7053,1009": ["DS", 2.5]}},
      0.0125,
      /^CNTS: Philips's SUV factor/
    ],
    // 2.5 times the first
    [
      "counts with Philips's activity factor, its SUV factor being 0",
      {items: {...counts, "7053,1000": ["DS", 0], "7053,1009": ["DS", 2.5]}},
      0.0007302427766072,
      /^CNTS by Philips's activity factor/
    ],
    ["a dose in MBq", {tracer: {"0018,1074": ["DS", 400]}}, 0.0002920971106429, /dose taken as MBq$/],
    ["a weight in grams", {items: {"0010,1030": ["DS", 80000]}}, 0.0002920971106429, /weight taken as grams$/],
    // 80,000 / 4e8
    ["ADMIN", {items: {"0054,1102": ["CS", "ADMIN"]}}, 0.0002, /corrected to the injection/],
    // tref = tacq + ln(λT / (1 − e^(−λT))) / λ − 1859.5 s = 10:00:00 + 5400 + 59.93687 − 1859.5 s
    [
      "a series time set later",
      {items: {...late, ...frame}},
      0.0002921105371563,
      /reckoned back by FrameReferenceTime/
    ],
    // 80,000 / (4e8 · 2^(−3480/6588)): GE's scan began at 10:58
    [
      "a series time set later, with GE's own",
      {items: {...late, ...frame, "0009,0010": ["LO", "GEMS_PETD_01"], "0009,100D": ["DT", "20230510105800.00"]}},
      0.0002884323835311,
      /\(GE's time of the scan\)/
    ],
    [
      "GE's own time in another private block",
      {items: {...late, "0009,0011": ["LO", "GEMS_PETD_01"], "0009,110D": ["DT", "20230510105800.00"]}},
      0.0002884323835311,
      /\(GE's time of the scan\)/
    ],
    ["only the date and time of injection", {tracer: {"0018,1072": null}}, 0.0002920971106429, /SeriesTime/],
    ["only the time of injection", {tracer: {"0018,1078": null}}, 0.0002920971106429, /SeriesTime/],
    // Injected at 23:30 the day before, scanned at 00:30: an hour, as above.
    [
      "over midnight, only the time of injection",
      {items: night, tracer: {"0018,1072": ["TM", "233000"], "0018,1078": null}},
      0.0002920971106429,
      /\(SeriesTime\)$/
    ],
    [
      "over midnight, with the date",
      {items: night, tracer: {"0018,1072": ["TM", "233000"], "0018,1078": ["DT", "20230510233000"]}},
      0.0002920971106429,
      /\(SeriesTime\)$/
    ],
    [
      "over midnight, the scan's date taken away",
      {
        items: {...night, "0008,0021": ["DA", "19000101"], "0008,0022": ["DA", "19000101"]},
        tracer: {"0018,1072": ["TM", "233000"], "0018,1078": ["DT", "20230510233000"]}
      },
      0.0002920971106429,
      /the date of injection cannot be right, its time of day was used$/
    ],
    // Zr-89, 72 h: 80,000 / (4e8 · 2^(−259200/282276))
    [
      "zirconium three days on",
      {tracer: {"0018,1075": ["DS", 282276], "0018,1078": ["DT", "20230507110000"]}},
      0.0003779643654191,
      /SeriesTime/
    ],
    // Ga-68: 80,000 / (4e8 · 2^(−3600/4057))
    ["gallium", {tracer: {"0018,1075": ["DS", 4057]}}, 0.0003699563825376, /SeriesTime/]
  ])("%s", async (_, changes, factor, rule) => {
    const {volume, suv} = await pet(changes);
    expect(suv.factors).toHaveLength(1);
    expect(Math.abs(suv.factors[0] / factor - 1)).toBeLessThan(2e-12);
    expect(suv.rule).toMatch(rule);
    expect(volume.data.every((value) => value === Math.fround(1000 * suv.factors[0]))).toBe(true);
  });

  it("takes each slice's own acquisition when nothing was decay-corrected", async () => {
    // W/D · λT / (1 − e^(−λT)) · e^(λ(tacq − tadm)), the slices 120 s apart
    const slice = (k: number): DicomItem => ({"0008,0032": ["TM", `1100${String(20 * k).padStart(2, "0")}`]});
    const minutes = (k: number): DicomItem => ({"0008,0032": ["TM", `11${String(2 * k).padStart(2, "0")}00`]});
    const {suv, volume} = await pet({items: {"0054,1102": ["CS", "NONE"]}, slice: minutes});
    const expected = [0.0002939449460863, 0.000297679714007, 0.0003014619346619, 0.00030529221097];
    suv.factors.forEach((factor, k) => expect(Math.abs(factor / expected[k] - 1)).toBeLessThan(2e-12));
    expected.forEach((factor, k) => expect(Math.abs(volume.data[20 * k] / (1000 * factor) - 1)).toBeLessThan(1e-7));
    expect(suv.rule).toMatch(/^BQML: not decay-corrected: dose decayed to each slice's acquisition/);
    expect(new Set((await pet({items: {"0054,1102": ["CS", "NONE"]}, slice})).suv.factors).size).toBe(4);
  });

  it("scales each slice by its own slope", async () => {
    const {volume, suv} = await pet({phantom: {slope: (k) => k + 1}});
    expect([0, 20, 40, 60].map((at) => volume.data[at])).toEqual(
      [1, 2, 3, 4].map((slope) => Math.fround(suv.factors[0] * (slope * 1000)))
    );
  });

  it("says what it reckoned with", async () => {
    expect((await pet()).suv.detail).toBe("80 kg, 400 MBq, 60.0 min after the injection, half-life 6588 s");
  });

  it("takes the first acquisition of all slices, and lets a second pass as rounding", async () => {
    const slice = (k: number): DicomItem => ({
      "0008,0032": ["TM", `11${String(10 + 3 * ((k + 2) % 4)).padStart(2, "0")}00`]
    });
    const begun = {"0008,0031": ["TM", "111000.7"]} as const;
    expect((await pet({slice, items: begun})).suv.rule).toMatch(/\(SeriesTime\)$/);
    const after = {"0008,0031": ["TM", "111002"]} as const;
    expect((await pet({slice, items: after})).suv.rule).toMatch(/FrameReferenceTime/);
  });

  it.each<[string, Changes, RegExp]>([
    ["no weight", {without: ["0010,1030"]}, /^pet: PatientWeight is missing; it must be the body weight in kg/],
    ["a weight of 0", {items: {"0010,1030": ["DS", 0]}}, /PatientWeight is 0; it must/],
    [
      "no sex for ideal weight",
      {...suvType("IBW", "M"), without: ["0010,0040"]},
      /PatientSex is missing; SUV by IBW needs/
    ],
    ["another sex for ideal weight", suvType("IBW", "X"), /PatientSex is "X"/],
    ["no height for ideal weight", {...suvType("IBW", "M"), without: ["0010,1020"]}, /PatientSize is missing/],
    [
      "a height of 0",
      {items: {...suvType("IBW", "M").items, "0010,1020": ["DS", 0]}},
      /PatientSize is 0; it must be the body height in metres/
    ],
    [
      "a height in centimetres",
      {items: {...suvType("IBW", "M").items, "0010,1020": ["DS", 180]}},
      /PatientSize is 180; it must be the body height in metres/
    ],
    ["an unknown SUV type", suvType("SURFACE", "M"), /SUVType is "SURFACE" with Units "GML"; BW, LBM/],
    ["counts without factors", {items: counts}, /Units is CNTS \(counts\) without Philips's factors/],
    ["proportional counts", {items: {"0054,1001": ["CS", "PROPCNTS"]}}, /Units is "PROPCNTS"; it must be "BQML"/],
    ["counts a second", {items: {"0054,1001": ["CS", "CPS"]}}, /Units is "CPS"/],
    ["no units", {without: ["0054,1001"]}, /Units is missing/],
    [
      "units that change",
      {slice: (k) => ({"0054,1001": ["CS", k === 2 ? "GML" : "BQML"]})},
      /Units change within the series/
    ],
    ["no dose", {tracer: {"0018,1074": null}}, /RadionuclideTotalDose is missing; it must be the injected dose in Bq/],
    ["a negative dose", {tracer: {"0018,1074": ["DS", -4e8]}}, /RadionuclideTotalDose is -400000000/],
    ["no injection at all", {without: ["0054,0016"]}, /RadionuclideTotalDose is missing/],
    ["no frame duration", {items: {...late, ...frame}, without: ["0018,1242"]}, /ActualFrameDuration is missing/],
    [
      "no frame reference time",
      {items: late, without: ["0054,1300"]},
      /SeriesTime 123000 is later than AcquisitionTime 110000/
    ],
    [
      "no time of injection",
      {tracer: {"0018,1072": null, "0018,1078": null}},
      /RadiopharmaceuticalStartTime is missing/
    ],
    [
      "zirconium without the date of injection",
      {tracer: {"0018,1075": ["DS", 282276], "0018,1078": null}},
      /RadiopharmaceuticalStartTime "100000\.00" has no date; a tracer of so long a half-life needs/
    ],
    [
      "zirconium with a date taken away",
      {tracer: {"0018,1075": ["DS", 282276], "0018,1078": ["DT", "19000101110000"]}},
      /lies .* h after the injection \(19000101110000\), .* half-lives; correct the times/
    ],
    ["no half-life", {tracer: {"0018,1075": null}}, /RadionuclideHalfLife is missing/],
    ["a half-life in minutes", {tracer: {"0018,1075": ["DS", 109.8]}}, /1\.0 h after .* 33 half-lives/],
    ["no word on decay correction", {without: ["0054,1102"]}, /DecayCorrection is missing/],
    ["no attenuation correction", {items: {"0028,0051": ["CS", "DECY\\SCAT"]}}, /CorrectedImage lacks ATTN/],
    ["no word on corrections", {without: ["0028,0051"]}, /CorrectedImage lacks ATTN/],
    ["an intercept", {phantom: {intercept: -5}}, /has RescaleIntercept -5; a PET series must have 0/],
    ["a CT given as PET", {phantom: {modality: "CT"}}, /^s\/3\.dcm: A CT given as PET; give the PET series\.$/]
  ])("refuses %s", async (_, changes, message) => {
    await expect(pet(changes)).rejects.toThrow(message);
    await expect(pet(changes)).rejects.toMatchObject({name: "ImageError"});
  });
});
