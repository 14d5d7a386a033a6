import {describe, expect, it} from "vitest";
import {defaultPreprocessing, parsePreprocessing, type Preprocessing} from "../../src/imaging/preprocessing.js";
import {tumourCrop} from "../../src/imaging/tumourCrop.js";
import {tumourField} from "../../src/imaging/tumourField.js";
import type {Volume} from "../../src/imaging/volume.js";

/** A volume whose values are a function of the place in patient millimetres (RAS+), whatever its axes are. */
function phantom(
  dims: readonly [number, number, number],
  affine: readonly number[],
  value: (x: number, y: number, z: number) => number
): Volume {
  const spacing = [0, 1, 2].map((axis) => Math.hypot(affine[axis], affine[4 + axis], affine[8 + axis]));
  const data = new Float32Array(dims[0] * dims[1] * dims[2]);
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++) {
        const at = (row: number) =>
          affine[4 * row] * i + affine[4 * row + 1] * j + affine[4 * row + 2] * k + affine[4 * row + 3];
        data[i + dims[0] * (j + dims[1] * k)] = value(at(0), at(1), at(2));
      }
  return {
    dims,
    spacing: [spacing[0], spacing[1], spacing[2]],
    affine: Float64Array.from([...affine, 0, 0, 0, 1]),
    data
  };
}

// Voxels of 2 × 1 × 3 mm; columns run to the patient's left, rows to the back.
const anisotropic = [-2, 0, 0, 64, 0, -1, 0, 64, 0, 0, 3, -30];
const shape = [64, 128, 20] as const;
const ball = (radius: number) => (x: number, y: number, z: number) => (Math.hypot(x, y, z) <= radius ? 1 : 0);
const plain: Preprocessing = {...defaultPreprocessing("ct"), window: [-100, 100], minimumSideMm: 40, marginMm: 4};

describe("tumourCrop", () => {
  it("keeps millimetres: a ball stays round and of its size in anisotropic voxels", () => {
    const mask = phantom(shape, anisotropic, ball(12));
    const crop = tumourCrop(mask, mask, plain)!;
    expect(crop.sideMm).toBe(40);
    expect(crop.slice).toBe(10);
    const pixelMm = crop.sideMm / 96;
    const across = crop.mask.subarray(48 * 96, 49 * 96).reduce((sum, inside) => sum + inside, 0) * pixelMm;
    const down = Array.from({length: 96}, (_, y) => crop.mask[y * 96 + 48]).reduce((sum, inside) => sum + inside, 0);
    expect(Math.abs(across - 24)).toBeLessThan(2.1);
    expect(Math.abs(down * pixelMm - 24)).toBeLessThan(1.6);
    expect(Math.abs(crop.areaMm2 - Math.PI * 144)).toBeLessThan(15);
  });

  it("leaves the margin around a tumour larger than the least side", () => {
    const mask = phantom(shape, anisotropic, (x, y, z) =>
      Math.abs(x) <= 28 && Math.abs(y) <= 10 && Math.abs(z) < 4 ? 1 : 0
    );
    // 29 columns of 2 mm and twice 4 mm.
    expect(tumourCrop(mask, mask, plain)!.sideMm).toBe(29 * 2 + 8);
  });

  it("gives the exact values of a linear field, window −1 … 1, left and back positive", () => {
    const mask = phantom(shape, anisotropic, ball(8));
    const field = phantom(shape, anisotropic, (x, y, z) => -2 * x - y + 5 * z);
    const {pixels} = tumourCrop(field, mask, plain)!;
    for (const [channel, z] of [
      [0, -3],
      [1, 0],
      [2, 3]
    ]) {
      for (const [x, y] of [
        [10, 80],
        [48, 48],
        [70, 20]
      ]) {
        const toLeft = ((x + 0.5) / 96 - 0.5) * 40;
        const toBack = ((y + 0.5) / 96 - 0.5) * 40;
        const expected = Math.max(-1, Math.min(1, (2 * toLeft + toBack + 5 * z) / 100));
        expect(pixels[(channel * 96 + y) * 96 + x]).toBeCloseTo(expected, 5);
      }
    }
  });

  it("gives the same crop whatever order and direction the file's axes have", () => {
    // Sagittal storage: i to the front, j to the feet, k to the right.
    const sagittal = [0, 0, 2, -62, 1, 0, 0, -63, 0, -3, 0, 27];
    const field = (x: number, y: number, z: number) => 30 * Math.sin(x / 5) + 20 * Math.cos(y / 4) + z;
    const axial = tumourCrop(phantom(shape, anisotropic, field), phantom(shape, anisotropic, ball(9)), plain)!;
    const stored = [128, 20, 64] as const;
    const turned = tumourCrop(phantom(stored, sagittal, field), phantom(stored, sagittal, ball(9)), plain)!;
    expect(turned.slice).toBe(axial.slice);
    turned.pixels.forEach((value, k) => Math.abs(value - axial.pixels[k]) < 1e-5 || expect.fail(`pixel ${k}`));
    expect(turned.mask).toEqual(axial.mask);
  });

  it("clips, scales units, and fills beyond the volume with the window's lower bound", () => {
    const mask = phantom(shape, anisotropic, (x, y, z) => (x > 60 && Math.abs(y) < 3 && z === 0 ? 1 : 0));
    const image = phantom(shape, anisotropic, () => 5000);
    const pet: Preprocessing = {...defaultPreprocessing("pet"), minimumSideMm: 40};
    const {pixels} = tumourCrop(image, mask, pet, 0.002)!;
    const middle = pixels.subarray(96 * 96, 2 * 96 * 96).subarray(48 * 96, 49 * 96);
    // SUV 10 in a window of 0–20 is 0; to the patient's right of the volume there is nothing.
    expect(middle[60]).toBeCloseTo(0, 6);
    expect(middle[0]).toBe(-1);
    expect(Math.max(...tumourCrop(image, mask, pet, 1)!.pixels)).toBe(1);
  });

  it("repeats the slice at the end of the volume, and knows an empty mask", () => {
    const lowest = phantom(shape, anisotropic, (x, y, z) => (z === -30 && Math.hypot(x, y) < 5 ? 1 : 0));
    const image = phantom(shape, anisotropic, (_, __, z) => z);
    const {pixels, slice} = tumourCrop(image, lowest, plain)!;
    expect(slice).toBe(0);
    expect([pixels[0], pixels[96 * 96], pixels[2 * 96 * 96]].map((v) => Math.round(v * 100))).toEqual([-30, -30, -27]);
    expect(
      tumourCrop(
        image,
        phantom(shape, anisotropic, () => 0),
        plain
      )
    ).toBeNull();
  });
});

describe("parsePreprocessing", () => {
  it("reads back what was written and refuses what it does not know", () => {
    const record = defaultPreprocessing("pet");
    expect(parsePreprocessing(JSON.stringify(record))).toEqual(record);
    expect(() => parsePreprocessing(JSON.stringify({...record, version: 2}))).toThrow(/not one this version/);
    expect(() => parsePreprocessing(JSON.stringify({...record, window: [20, 0]}))).toThrow(RangeError);
  });
});

describe("tumourField", () => {
  it("is the network's slice on a larger square with the same centre, in its unit, not clipped; NaN outside", () => {
    const mask = phantom(shape, anisotropic, ball(8));
    const field = phantom(shape, anisotropic, (x, y, z) => 40 * x - 10 * y + 5 * z);
    const narrow = {...plain, window: [-20, 20]} as const;
    const crop = tumourCrop(field, mask, plain)!;
    const found = tumourField(field, mask, narrow, {times: 2, pixels: 80, unitsPerValue: 0.5})!;
    expect([found.fieldMm, found.sideMm, found.slice, found.areaMm2]).toEqual([80, 40, crop.slice, crop.areaMm2]);
    // Millimetre pixels: columns run to the patient's left (−x), rows to the back (−y).
    const at = (column: number, row: number) => found.values[row * 80 + column];
    expect(at(41, 40) - at(40, 40)).toBeCloseTo(-20, 4);
    expect(at(40, 41) - at(40, 40)).toBeCloseTo(5, 4);
    expect(Math.max(...found.values)).toBeGreaterThan(500);
    const wide = tumourField(field, mask, narrow, {times: 8, pixels: 80, unitsPerValue: 1})!;
    expect(wide.values[0]).toBeNaN();
    expect(
      tumourField(field, {...mask, data: mask.data.map(() => 0)}, plain, {times: 2, pixels: 8, unitsPerValue: 1})
    ).toBeNull();
  });
});
