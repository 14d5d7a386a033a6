import {describe, expect, it} from "vitest";
import {bidsConversion} from "../../src/imaging/bidsPet.js";

const facts = {
  Units: "Bq/mL",
  TracerRadionuclide: "F18",
  InjectedRadioactivity: 400,
  InjectedRadioactivityUnits: "MBq",
  InjectionStart: 0,
  ImageDecayCorrected: true,
  ImageDecayCorrectionTime: 3600,
  FrameTimesStart: [3600],
  FrameDuration: [300],
  AttenuationCorrection: "CT-based"
};
const factor = (change: object, kg: number | null = 80) =>
  bidsConversion({...facts, ...change}, kg, "p.json").factors[0];

describe("bidsConversion", () => {
  // By hand (R, 13 digits).
  it.each([
    // 80,000 / (4e8 · 2^(−3600/6586.2))
    ["decay-corrected to an hour after the injection", {}, 0.0002921273492444],
    ["the nuclide the other way round", {TracerRadionuclide: "[18F]"}, 0.0002921273492444],
    // 1000 · 75,000 / (3.5e8 · 2^(−3900/4057.7))
    [
      "kBq, GBq, gallium, injected before TimeZero",
      {
        Units: "kBq/ml",
        PatientWeight: 75,
        InjectedRadioactivity: 0.35,
        InjectedRadioactivityUnits: "GBq",
        TracerRadionuclide: "Ga68",
        InjectionStart: -600,
        ImageDecayCorrectionTime: 3300
      },
      0.4171803750174
    ],
    // W/D · λT / (1 − e^(−λT)) · e^(λΔt), carbon, Δt = 1260 s, T = 300 s
    [
      "not decay-corrected",
      {ImageDecayCorrected: false, TracerRadionuclide: "C11", InjectionStart: -60, FrameTimesStart: [1200]},
      0.000444534139212
    ]
  ])("%s", (_, change, expected) => {
    const found = factor(change, "PatientWeight" in change ? null : 80);
    expect(Math.abs(found / expected - 1)).toBeLessThan(2e-12);
  });

  it("takes grams for grams, and a half-life that is given", () => {
    expect(factor({}, 80_000)).toBe(factor({}));
    expect(factor({TracerRadionuclide: "Xx1", RadionuclideHalfLife: 6586.2})).toBe(factor({}));
  });

  it.each([
    [{Units: "arbitrary"}, /^p\.json: Units is "arbitrary"; it must be "Bq\/mL"/],
    [{AttenuationCorrection: "none"}, /AttenuationCorrection names none/],
    [{AttenuationCorrection: undefined}, /AttenuationCorrection names none/],
    [{InjectedRadioactivity: 0}, /InjectedRadioactivity is 0/],
    [{InjectedRadioactivityUnits: "mCi"}, /InjectedRadioactivityUnits is "mCi"; it must be e\.g\. "MBq"/],
    [{TracerRadionuclide: "Xx1"}, /TracerRadionuclide is "Xx1"; add its RadionuclideHalfLife/],
    [{InjectionStart: undefined}, /InjectionStart is missing; it must be seconds from TimeZero/],
    [{ImageDecayCorrected: "yes"}, /ImageDecayCorrected is "yes"; it must be true or false/],
    [{ImageDecayCorrectionTime: -5}, /ImageDecayCorrectionTime lies -5 s after InjectionStart, which cannot be/],
    [{ImageDecayCorrected: false, FrameTimesStart: []}, /FrameTimesStart is missing/],
    [{ImageDecayCorrected: false, FrameDuration: [0]}, /FrameDuration must be above 0 s/]
  ])("refuses %j", (change, message) => expect(() => factor(change)).toThrow(message));

  it("refuses a missing weight", () => {
    expect(() => factor({}, null)).toThrow(
      /the body weight is missing; add PatientWeight \(kg\) here, or a column weight to participants\.tsv/
    );
  });
});
