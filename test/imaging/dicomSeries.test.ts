import {describe, expect, it} from "vitest";
import {type ImageBytes, readCtSeries, readSeries} from "../../src/imaging/dicomSeries.js";
import type {Volume} from "../../src/imaging/volume.js";
import {phantomItems, phantomSeries} from "./dicomPhantom.js";
import {dicomFile, type DicomItem, type Syntax} from "./dicomWriter.js";

/** Values by RAS+ millimetres, through the volume's own affine. */
function byPlace({dims, affine, data}: Volume): Map<string, number> {
  const found = new Map<string, number>();
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++) {
        const at = [0, 4, 8].map((r) => affine[r] * i + affine[r + 1] * j + affine[r + 2] * k + affine[r + 3]);
        found.set(at.map((mm) => mm.toFixed(2)).join(), data[i + dims[0] * (j + dims[1] * k)]);
      }
  return found;
}

const ct = (files: readonly ImageBytes[]) => readCtSeries(files, "s");
/** One file of the phantom changed. */
const changed = (slice: number, items: DicomItem, phantom = {}) =>
  phantomSeries(phantom).map((file) =>
    file.name === `s/${slice}.dcm` ? {...file, bytes: dicomFile({...phantomItems(phantom, slice), ...items})} : file
  );

describe("readCtSeries", () => {
  it("sorts by place, never by instance number, and turns LPS into RAS", async () => {
    const volume = await ct(phantomSeries());
    expect(volume.dims).toEqual([5, 4, 4]);
    expect(volume.spacing).toEqual([2, 3, 4]);
    expect(Array.from(volume.affine)).toEqual([-2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1]);
    // Of the first voxel: 100 + x + 2y + 3z at LPS (−10, −20, 30); of the last at (−2, −11, 42).
    expect(volume.data[0]).toBe(100 - 10 - 40 + 90);
    expect(volume.data[79]).toBe(100 - 2 - 22 + 126);
  });

  it.each([
    ["sagittal", [0, 1, 0, 0, 0, -1]],
    ["coronal", [1, 0, 0, 0, 0, -1]],
    ["oblique", [0.8, 0.6, 0, -0.48, 0.64, 0.6]],
    ["feet first", [-1, 0, 0, 0, 1, 0]]
  ])("puts each value where it was written: %s", async (_, orientation) => {
    const value = (x: number, y: number, z: number) => Math.round(500 + 4 * x - 3 * y + 2 * z);
    const places = byPlace(await ct(phantomSeries({orientation, value})));
    expect(places.size).toBe(80);
    for (const [place, found] of places) {
      const [r, a, s] = place.split(",").map(Number);
      // Half a unit by rounding when written, and as much by the text of the place.
      expect(Math.abs(found - (500 - 4 * r + 3 * a + 2 * s))).toBeLessThan(0.6);
    }
  });

  it.each(["implicit", "explicit", "deflated", "bigEndian"] as Syntax[])(
    "reads %s as it reads explicit",
    async (syntax) => {
      const phantom = {signed: true, value: (x: number, y: number, z: number) => x * 20 + y - z};
      const plain = await ct(phantomSeries(phantom));
      expect(await ct(phantomSeries({...phantom, syntax}))).toEqual(plain);
      expect(plain.data[0]).toBe(-250);
    }
  );

  it.each([
    [8, false, 255],
    [8, true, -128],
    [16, false, 65535],
    [16, true, -32768],
    [32, false, 4_000_000_000],
    [32, true, -2_000_000_000]
  ] as const)("reads %i bits, signed: %s", async (bits, signed, stored) => {
    const {data} = await ct(phantomSeries({bits, signed, value: () => stored}));
    expect(data.every((value) => value === Math.fround(stored))).toBe(true);
  });

  it("drops what stands above the stored bits and keeps the sign of the highest one stored", async () => {
    const twelve = {"0028,0101": ["US", 12], "0028,0102": ["US", 11]} as const;
    // 0xF801: overlay bits above bit 11, which is set.
    const value = () => 0xf801;
    expect((await ct(phantomSeries({value, more: twelve}))).data[0]).toBe(0x801);
    expect((await ct(phantomSeries({value, more: twelve, signed: true}))).data[0]).toBe(0x801 - 0x1000);
  });

  it("scales each slice by its own slope and adds the intercept", async () => {
    const {data} = await ct(phantomSeries({value: () => 10, slope: (slice) => slice + 0.5, intercept: -1024}));
    expect([0, 20, 40, 60].map((voxel) => data[voxel])).toEqual([5, 15, 25, 35].map((hu) => hu - 1024));
  });

  it("takes the height of a lone slice from its thickness", async () => {
    const lone = await ct(phantomSeries({slices: 1, more: {"0018,0050": ["DS", 5]}}));
    expect(lone.spacing).toEqual([2, 3, 5]);
    await expect(ct(phantomSeries({slices: 1}))).rejects.toThrow(/single slice without SliceThickness/);
  });

  const plain = phantomSeries();
  const without = (...slices: number[]) =>
    phantomSeries({slices: 8}).filter(({name}) => !slices.some((slice) => name === `s/${slice}.dcm`));
  it.each([
    ["no files", [], "s: holds no files; put the DICOM series there."],
    ["a PET given as CT", phantomSeries({modality: "PT"}), "s/3.dcm: A PET given as CT; give the CT series."],
    [
      "contours among the slices",
      changed(2, {"0008,0060": ["CS", "RTSTRUCT"]}),
      "s/2.dcm: is RTSTRUCT and no CT; take it out of the folder of the CT series."
    ],
    [
      "two series",
      changed(2, {"0020,000E": ["UI", "1.2.4"], "0008,103E": ["LO", "Lung"]}),
      's: holds two series, "Phantom" (s/3.dcm) and "Lung" (s/2.dcm); leave one of them in the folder.'
    ],
    ["a missing slice", without(3), "s: a slice is missing between s/2.dcm and s/4.dcm; copy the whole series again."],
    [
      "two missing slices",
      without(3, 4),
      "s: 2 slices are missing between s/2.dcm and s/5.dcm; copy the whole series again."
    ],
    [
      "uneven steps",
      changed(3, {"0020,0032": ["DS", [-10, -20, 43.3]]}),
      "s: its slices are unevenly spaced (5.300 mm between s/2.dcm and s/3.dcm, 4.000 mm elsewhere); resample it to even slices."
    ],
    [
      "two slices at one place",
      changed(3, {"0020,0032": ["DS", [-10, -20, 38]]}),
      /^s: two slices lie at one place: s\/[23]\.dcm and s\/[23]\.dcm \(a dynamic/
    ],
    [
      "a slice given twice",
      [...plain, {...plain[0], name: "s/copy.dcm"}],
      /holds one slice twice: s\/3\.dcm and s\/copy/
    ],
    [
      "a tilted gantry",
      [0, 1, 2, 3].flatMap((slice) =>
        phantomSeries({more: (k) => ({"0020,0032": ["DS", [-10, -20 + k, 30 + 4 * k]]})}).filter(
          ({name}) => name === `s/${slice}.dcm`
        )
      ),
      "s: the slices lean by 14.0° (gantry tilt); correct the tilt (e.g. with dcm2niix) and give the result."
    ],
    [
      "a turned slice",
      changed(1, {"0020,0037": ["DS", [0, 1, 0, 0, 0, -1]]}),
      /^s: the orientation changes between s\/3\.dcm and s\/1\.dcm/
    ],
    [
      "another size",
      changed(1, {"0028,0010": ["US", 3]}),
      /slices differ in size \(s\/3\.dcm has 5 × 4 pixels, s\/1\.dcm 5 × 3\)/
    ],
    ["another pixel spacing", changed(1, {"0028,0030": ["DS", [3, 2.5]]}), /PixelSpacing changes between/],
    ["many frames in a file", changed(1, {"0028,0008": ["IS", 12]}), /s\/1\.dcm: holds 12 frames in one file/],
    ["no place", changed(1, {"0020,0032": ["DS", ""]}), /s\/1\.dcm: has no ImagePositionPatient/],
    ["a place that is no number", changed(1, {"0020,0032": ["DS", "1\\x\\3"]}), /holds "x", which is no number/],
    ["a skewed orientation", changed(1, {"0020,0037": ["DS", [1, 0, 0, 0.5, 0.8, 0]]}), /no pair of unit vectors/],
    ["colour", changed(1, {"0028,0002": ["US", 3]}), /is a colour picture/],
    ["12 bits allocated", changed(1, {"0028,0100": ["US", 12]}), /has 12 bits a pixel/],
    [
      "short pixels",
      changed(1, {"7FE0,0010": ["OW", new Uint8Array(38)]}),
      /asks for 40 bytes of pixels, 38 are there/
    ],
    ["no pixels", changed(1, {"7FE0,0010": ["OW", new Uint8Array(0)]}), /holds no pixels/],
    [
      "a truncated file",
      [{name: "s/1.dcm", bytes: plain[0].bytes.subarray(0, -20)}],
      /s\/1\.dcm: is a damaged or truncated DICOM/
    ],
    [
      "a zip",
      [{name: "s.zip", bytes: Uint8Array.of(0x50, 0x4b, 3, 4, 5)}],
      "s.zip: is a zip archive; unpack it and give the files inside."
    ],
    ["a text file", [{name: "notes.txt", bytes: new Uint8Array(500).fill(65)}], /notes\.txt: is no DICOM file/],
    ["an empty file", [{name: "e", bytes: new Uint8Array(0)}], /e: is no DICOM file/]
  ] as const)("refuses %s in one sentence", async (_, files, message) => {
    await expect(ct(files)).rejects.toThrow(message);
    await expect(ct(files)).rejects.toMatchObject({name: "ImageError"});
  });

  it("refuses sizes that its bytes cannot hold before it makes room", () => {
    const huge = phantomSeries({more: {"0028,0010": ["US", 65535], "0028,0011": ["US", 65535]}});
    expect(() => readSeries(huge, "s", "CT")).toThrow(/has 65535 × 65535 pixels, more than any scanner writes/);
  });
});
