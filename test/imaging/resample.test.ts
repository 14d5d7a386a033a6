import {describe, expect, it} from "vitest";
import {apply, inverse, product} from "../../src/imaging/affine.js";
import {readCtSeries} from "../../src/imaging/dicomSeries.js";
import {maskOnGrid} from "../../src/imaging/maskOnGrid.js";
import {readNifti} from "../../src/imaging/nifti.js";
import {type Grid, resampleLinear, resampleNearest} from "../../src/imaging/resample.js";
import type {Volume} from "../../src/imaging/volume.js";
import {phantomSeries} from "./dicomPhantom.js";
import {niftiFile} from "./niftiFile.js";

/** Three balls that no mirroring or turning brings onto each other: left 1000, front 2000, head 3000. RAS+ millimetres. */
function asymmetric(r: number, a: number, s: number): number {
  if (Math.hypot(r + 14, a, s) <= 6) return 1000;
  if (Math.hypot(r, a - 12, s) <= 6) return 2000;
  return Math.hypot(r, a, s - 16) <= 6 ? 3000 : 0;
}
/** A smooth field, so that trilinear values are near the truth. */
const field = (r: number, a: number, s: number) => Math.round(1000 + 12 * r - 7 * a + 4 * s + (r * a) / 8);

type Value = (r: number, a: number, s: number) => number;

const dims = [24, 22, 20] as const;
/** Axes to the right, back and feet; 2 mm, 2.25 mm and 2.5 mm. */
const sform = [2, 0, 0, -23, 0, -2.25, 0, 24, 0, 0, -2.5, 25];
function nifti(value: Value): Volume {
  const affine = Float64Array.from([...sform, 0, 0, 0, 1]);
  const values = new Float32Array(dims[0] * dims[1] * dims[2]);
  for (let k = 0; k < dims[2]; k++)
    for (let j = 0; j < dims[1]; j++)
      for (let i = 0; i < dims[0]; i++) values[i + dims[0] * (j + dims[1] * k)] = value(...apply(affine, i, j, k));
  return readNifti(niftiFile({dims, values, sform}), "a.nii");
}

/** An oblique DICOM series of the same space: LPS, so x and y are minus right and minus front. */
const dicom = (value: Value) =>
  readCtSeries(
    phantomSeries({
      columns: 34,
      rows: 34,
      slices: 34,
      spacing: [2, 2, 2],
      orientation: [0.8, 0.6, 0, -0.48, 0.64, 0.6],
      origin: [-22.44, -25.08, -46.2],
      value: (x, y, z) => value(-x, -y, z),
      signed: true
    }),
    "s"
  );

const grid: Grid = {
  dims: [41, 41, 41],
  spacing: [1, 1, 1],
  affine: Float64Array.of(1, 0, 0, -20, 0, 1, 0, -20, 0, 0, 1, -20, 0, 0, 0, 1)
};
const at = ({data}: Volume, r: number, a: number, s: number) => data[r + 20 + 41 * (a + 20 + 41 * (s + 20))];

describe("resampling", () => {
  it("brings NIfTI and DICOM to one space: left stays left, front front, head up", async () => {
    for (const volume of [nifti(asymmetric), await dicom(asymmetric)]) {
      for (const moved of [resampleNearest(volume, grid), resampleLinear(volume, grid, -1)]) {
        expect([at(moved, -14, 0, 0), at(moved, 0, 12, 0), at(moved, 0, 0, 16)]).toEqual([1000, 2000, 3000]);
        // The mirror images of the three places are empty.
        expect([at(moved, 14, 0, 0), at(moved, 0, -12, 0), at(moved, 0, 0, -16)]).toEqual([0, 0, 0]);
      }
    }
  });

  it("is linear between voxel centres, on every voxel of the grid", async () => {
    for (const volume of [nifti(field), await dicom(field)]) {
      const {data} = resampleLinear(volume, grid, -1);
      let worst = 0;
      for (let s = -18; s <= 18; s++)
        for (let a = -18; a <= 18; a++)
          for (let r = -18; r <= 18; r++) {
            const truth = 1000 + 12 * r - 7 * a + 4 * s + (r * a) / 8;
            worst = Math.max(worst, Math.abs(at({...grid, data}, r, a, s) - truth));
          }
      // Half a unit of rounding when stored; the curved term adds little.
      expect(worst).toBeLessThan(0.8);
    }
  });

  it("gives the volume itself on its own grid", () => {
    const volume = nifti(field);
    expect(resampleLinear(volume, volume, -1).data).toEqual(volume.data);
    expect(resampleNearest(volume, volume).data).toEqual(volume.data);
  });

  it("fills beyond the outer edges, not at them", () => {
    const volume = readNifti(
      niftiFile({dims: [2, 1, 1], values: [5, 7], sform: [2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 2, 0]}),
      "a"
    );
    const line = (from: number): Grid => ({
      dims: [6, 1, 1],
      spacing: [1, 2, 2],
      affine: Float64Array.of(1, 0, 0, from, 0, 2, 0, 0, 0, 0, 2, 0, 0, 0, 0, 1)
    });
    expect(Array.from(resampleLinear(volume, line(-2), -9).data)).toEqual([-9, 5, 5, 6, 7, 7]);
    expect(Array.from(resampleNearest(volume, line(-1.5)).data)).toEqual([0, 5, 5, 7, 7, 0]);
  });

  it("undoes an affine", () => {
    const affine = Float64Array.of(1.2, 0.3, -0.4, 10, -0.2, 2, 0.1, -20, 0.5, 0.6, -3, 7, 0, 0, 0, 1);
    product(inverse(affine), affine).forEach((value, k) => expect(value).toBeCloseTo(k % 5 === 0 ? 1 : 0, 12));
  });
});

describe("maskOnGrid", () => {
  const ball =
    (radius: number, centre = 0): Value =>
    (r, a, s) =>
      Math.hypot(r - centre, a, s) <= radius ? 2 : 0;
  const millilitres = ({data, spacing}: Volume) => (data.filter((v) => v === 1).length * spacing[0] * spacing[1] * spacing[2]) / 1000; // prettier-ignore

  it("keeps the tumour's volume and makes 0 and 1 of labels", async () => {
    const image = await dicom(field);
    const moved = maskOnGrid(nifti(ball(12)), image, "m", "i");
    expect(moved.dims).toEqual(image.dims);
    expect(Math.abs(millilitres(moved) / ((4 / 3) * Math.PI * 1.2 ** 3) - 1)).toBeLessThan(0.04);
    expect(new Set(moved.data)).toEqual(new Set([0, 1]));
    const own = nifti(ball(12));
    expect(maskOnGrid(own, own, "m", "i").data).toEqual(own.data.map((label) => (label ? 1 : 0)));
  });

  it("refuses a mask that lies elsewhere, or is lost between voxels, and lets an empty one be", () => {
    const mask = (value: Value) => nifti(value);
    const elsewhere: Grid = {...grid, affine: Float64Array.from(grid.affine, (v, k) => (k === 3 ? 300 : v))};
    expect(() => maskOnGrid(mask(ball(10)), elsewhere, "m", "i")).toThrow(
      /^m: the tumour lies outside i; give the mask/
    );
    expect(() => maskOnGrid(mask(ball(6, 20)), grid, "m", "i")).toThrow(/^m: \d+% of the tumour lies outside i/);
    const coarse: Grid = {dims: [4, 4, 4], spacing: [20, 20, 20], affine: Float64Array.of(20, 0, 0, -30, 0, 20, 0, -30, 0, 0, 20, -30, 0, 0, 0, 1)}; // prettier-ignore
    expect(() => maskOnGrid(mask(ball(2)), coarse, "m", "i")).toThrow(/^m: the tumour is smaller than a voxel of i/);
    expect(maskOnGrid(mask(() => 0), grid, "m", "i").data.every((label) => label === 0)).toBe(true); // prettier-ignore
  });
});
