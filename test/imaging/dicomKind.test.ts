import {describe, expect, it} from "vitest";
import {dicomKind} from "../../src/imaging/dicomKind.js";
import {phantomSeries} from "./dicomPhantom.js";
import type {Syntax} from "./dicomWriter.js";
import {rtStructFile} from "./maskFiles.js";

const kind = {series: "1.2.3", description: "Phantom"};

describe("dicomKind(beginning)", () => {
  it("reads modality and series from the first bytes, in every uncompressed syntax", () => {
    for (const syntax of ["explicit", "implicit", "deflated", "bigEndian"] as Syntax[]) {
      const [{bytes}] = phantomSeries({modality: "PT", syntax, slices: 1, columns: 128, rows: 128});
      expect([syntax, dicomKind(bytes)]).toEqual([syntax, {modality: "PT", ...kind}]);
      const short = dicomKind(bytes.subarray(0, 700));
      // A deflated block is given out only when enough of it is there.
      if (syntax !== "deflated") expect([syntax, short]).toEqual([syntax, {modality: "PT", ...kind}]);
    }
  });

  it("says what it could read where the beginning is too short", () => {
    const [{bytes}] = phantomSeries({slices: 1});
    expect(dicomKind(bytes.subarray(0, 200))).toEqual({modality: "CT", series: null, description: null});
    expect(dicomKind(bytes.subarray(0, 132))).toEqual({modality: null, series: null, description: null});
  });

  it("knows structures, which have no pixels", () => {
    expect(dicomKind(rtStructFile([{name: "GTV", contours: [[0, 0, 0, 1, 0, 0, 1, 1, 0]]}]))?.modality).toBe(
      "RTSTRUCT"
    );
  });

  it("takes nothing else for DICOM", () => {
    expect(dicomKind(new Uint8Array(500))).toBeNull();
    expect(dicomKind(new Uint8Array(0))).toBeNull();
    expect(dicomKind(new TextEncoder().encode("PK\u0003\u0004"))).toBeNull();
  });
});
