import {describe, expect, it} from "vitest";
import {secondsBetween} from "../../src/imaging/dicomTime.js";
import {suvFactor} from "../../src/imaging/suv.js";

const facts = {
  Units: "BQML",
  DecayCorrection: "START",
  PatientWeight: 70,
  RadionuclideTotalDose: 370e6,
  RadionuclideHalfLife: 6586.2,
  RadiopharmaceuticalStartTime: "091500.00",
  SeriesTime: "101500"
};

describe("suvFactor", () => {
  it("decays the dose to the start of the series", () => {
    // PS3.3 C.8.9.1.1.5: 70,000 g / (370 MBq · 2^(−3600 / 6586.2)) = 70000 / 253308…; by hand:
    const left = 370e6 * Math.exp((-Math.LN2 * 3600) / 6586.2);
    expect(left).toBeCloseTo(253.3e6, -5);
    expect(suvFactor(facts, "p.json")).toBeCloseTo(70000 / left, 12);
    // A patient evenly filled with what is left of the dose has SUV 1.
    expect(suvFactor(facts, "p.json") * (left / 70000)).toBeCloseTo(1, 12);
  });

  it("does not decay when the image is corrected to the injection", () => {
    expect(suvFactor({...facts, DecayCorrection: "ADMIN"}, "p.json")).toBe(70000 / 370e6);
  });

  it("leaves SUV as it is", () => expect(suvFactor({Units: "GML"}, "p.json")).toBe(1));

  it("knows grams and MBq by their size, dates, and midnight", () => {
    const plain = suvFactor(facts, "p.json");
    expect(suvFactor({...facts, PatientWeight: 70000}, "p.json")).toBeCloseTo(plain, 12);
    expect(suvFactor({...facts, RadionuclideTotalDose: 370}, "p.json")).toBeCloseTo(plain, 12);
    const midnight = {...facts, RadiopharmaceuticalStartTime: "23:30:00", SeriesTime: "00:30:00"};
    expect(suvFactor(midnight, "p.json")).toBeCloseTo(plain, 12);
    const dated = {
      ...facts,
      RadiopharmaceuticalStartDateTime: "20240229233000.000000",
      SeriesDate: "20240301",
      SeriesTime: "003000"
    };
    expect(suvFactor(dated, "p.json")).toBeCloseTo(plain, 12);
  });

  it.each([
    [{PatientWeight: undefined}, /^p\.json: PatientWeight is missing; it must be the body weight in kg/],
    [{PatientWeight: 0}, /PatientWeight is 0/],
    [{RadionuclideTotalDose: "370"}, /RadionuclideTotalDose is "370"; it must be the injected dose in Bq/],
    [{Units: "CPS"}, /Units is "CPS"; it must be "BQML"/],
    [{DecayCorrection: "DECY"}, /DecayCorrection is "DECY"; it must be "START", "ADMIN" or "NONE"/],
    [{SeriesTime: "25:00:00"}, /must be DICOM times/],
    [{RadiopharmaceuticalStartDateTime: "20240302120000", SeriesDate: "20240301"}, /is later than the series/],
    [{RadiopharmaceuticalStartDateTime: "20240229020000", SeriesDate: "20240301"}, /32\.3 h after .* 18 half-lives/],
    [{AcquisitionTime: "100000", SeriesTime: "110000"}, /SeriesTime 110000 is later than AcquisitionTime 100000/],
    [{CorrectedImage: ["DECY", "SCAT"]}, /lacks ATTN/]
  ])("refuses %j", (change, message) => {
    expect(() => suvFactor({...facts, ...change}, "p.json")).toThrow(message);
  });
});

describe("secondsBetween", () => {
  it("counts fractions and across dates", () => {
    expect(secondsBetween("101500.25", "101501.75")).toBe(1.5);
    expect(secondsBetween("20231231235959", "20240101000001")).toBe(2);
    expect(secondsBetween("10:15", "101501")).toBeNull();
  });
});
