import {describe, expect, it} from "vitest";
import {apply} from "../../src/imaging/affine.js";
import {readDicomElements} from "../../src/imaging/dicomDataSet.js";
import {rasAffine} from "../../src/imaging/dicomGeometry.js";
import type {Grid} from "../../src/imaging/resample.js";
import {structureMask} from "../../src/imaging/rtStruct.js";
import {type DrawnRegion, rtStructFile} from "./maskFiles.js";

/** LPS steps of 2, 2 and 3 mm from (−40, −30, 10). */
function image(
  along: readonly (readonly number[])[] = [
    [2, 0, 0],
    [0, 2, 0],
    [0, 0, 3]
  ]
): Grid {
  // prettier-ignore
  return {dims: [40, 30, 12], spacing: [2, 2, 3], affine: rasAffine(along, [-40, -30, 10])};
}
/** LPS of a place in voxels. */
function lps(grid: Grid, i: number, j: number, k: number): number[] {
  const [r, a, s] = apply(grid.affine, i, j, k);
  return [-r, -a, s];
}
const circle = (grid: Grid, slice: number, radius: number, column = 18.3, row = 14.2): number[] =>
  Array.from({length: 180}, (_, k) => (k * Math.PI) / 90).flatMap((angle) =>
    lps(grid, column + radius * Math.cos(angle), row + radius * Math.sin(angle), slice)
  );
const mask = (regions: readonly DrawnRegion[], grid: Grid = image(), wanted: string | null = null) =>
  structureMask(readDicomElements(rtStructFile(regions), "rs.dcm"), {...grid, frameOfReference: "1.2.9"}, wanted);
const inSlice = (data: Float32Array, slice: number) =>
  data.subarray(1200 * slice, 1200 * (slice + 1)).reduce((sum, value) => sum + value, 0);

describe("structureMask", () => {
  it("holds exactly the voxels whose centre lies within", () => {
    const {data} = mask([{name: "GTV", contours: [circle(image(), 5, 7.6)]}]);
    data.forEach((value, at) => {
      const [i, j, k] = [at % 40, Math.floor(at / 40) % 30, Math.floor(at / 1200)];
      // The polygon of 180 corners lies up to 0.0012 voxels within the circle.
      const off = Math.hypot(i - 18.3, j - 14.2) - 7.6;
      if (Math.abs(off) > 0.002) expect(value).toBe(k === 5 && off < 0 ? 1 : 0);
    });
    expect(inSlice(data, 5)).toBeGreaterThan(170);
  });

  it.each([
    [
      "sagittal",
      [
        [0, 2, 0],
        [0, 0, -2],
        [3, 0, 0]
      ]
    ],
    [
      "oblique",
      [
        [1.6, 1.2, 0],
        [-0.96, 1.28, 1.2],
        [1.08, -1.44, 2.4]
      ]
    ]
  ])("reads contours on %s slices", (_, along) => {
    const [turned, axial] = [image(along), image()];
    const contours = (grid: Grid) => [4, 5, 6].map((slice) => circle(grid, slice, 5));
    expect(mask([{name: "GTV", contours: contours(turned)}], turned).data).toEqual(
      mask([{name: "GTV", contours: contours(axial)}], axial).data
    );
  });

  it("cuts out holes, and joins two bodies on one plane", () => {
    const [outer, hole, apart] = [circle(image(), 5, 8), circle(image(), 5, 3), circle(image(), 5, 2, 34, 24)];
    const count = (...contours: number[][]) => inSlice(mask([{name: "GTV", contours}]).data, 5);
    expect(count(outer, hole)).toBe(count(outer) - count(hole));
    expect(count(outer, hole, apart)).toBe(count(outer) - count(hole) + count(apart));
    // A keyhole: one polygon that goes in to the hole and back the same way.
    const keyhole = [...outer, ...outer.slice(0, 3), ...hole.slice(0, 3), ...[...Array(180).keys()].reverse().flatMap((k) => hole.slice(3 * k, 3 * k + 3))]; // prettier-ignore
    expect(count(keyhole)).toBe(count(outer) - count(hole));
  });

  it("takes contours drawn on finer, coarser or shifted slices, and fills no gap between two bodies", () => {
    const filled = (slices: number[]) => {
      const {data} = mask([{name: "GTV", contours: slices.map((slice) => circle(image(), slice, 5))}]);
      return [...Array(12).keys()].filter((slice) => inSlice(data, slice) > 0);
    };
    expect(filled([3, 4, 5])).toEqual([3, 4, 5]);
    expect(filled([3.3, 4.3, 5.3])).toEqual([3, 4, 5]);
    expect(filled([2.5, 3, 3.5, 4, 4.5])).toEqual([2, 3, 4, 5]);
    expect(filled([2, 4, 6])).toEqual([1, 2, 3, 4, 5, 6, 7]);
    expect(filled([1, 2, 3, 8, 9])).toEqual([1, 2, 3, 8, 9]);
  });

  it("chooses a region by name in any case, or by number", () => {
    const regions = [
      {name: "GTVp", contours: [circle(image(), 5, 6)]},
      {name: "GTVn", contours: [circle(image(), 8, 4)]}
    ];
    expect(inSlice(mask(regions, image(), "gtvN ").data, 8)).toBeGreaterThan(0);
    expect(inSlice(mask(regions, image(), "7").data, 5)).toBeGreaterThan(0);
    expect(() => mask(regions)).toThrow(
      'rs.dcm: holds several contours ("GTVp", "GTVn"); say which region is the tumour.'
    );
    expect(() => mask(regions, image(), "lung")).toThrow(/has no "lung" among its contours \("GTVp", "GTVn"\)/);
  });

  const good = circle(image(), 5, 6);
  it.each<[string, DrawnRegion[], RegExp]>([
    ["no regions", [], /^rs\.dcm: holds no contours; give the file with the tumour's\.$/],
    ["points alone", [{name: "marks", kind: "POINT", contours: [good]}], /holds no contours/],
    ["contours elsewhere", [{name: "GTV", contours: [circle(image(), 5, 6, 400, 14)]}], /"GTV" lies outside the image/],
    ["contours beyond the slices", [{name: "GTV", contours: [circle(image(), 50, 6)]}], /"GTV" lies outside the image/],
    [
      "contours across the slices",
      [{name: "GTV", contours: [good.map((mm, k) => (k % 3 === 2 ? mm + k / 20 : mm))]}],
      /a contour runs across the image's slices/
    ],
    [
      "another frame of reference",
      [{name: "GTV", contours: [good], frameOfReference: "1.5"}],
      /drawn in another frame/
    ],
    ["half a point", [{name: "GTV", contours: [good.slice(0, 20)]}], /a contour has 20 numbers, not three a point/]
  ])("refuses %s", (_, regions, message) => {
    expect(() => mask(regions)).toThrow(message);
    expect(() => mask(regions)).toThrow(expect.objectContaining({name: "ImageError"}));
  });

  it("refuses a file that is no RTSTRUCT", () => {
    const file = readDicomElements(rtStructFile([]), "rs.dcm");
    const other = {...file, elements: readDicomElements(rtStructFile([], "implicit"), "x").elements};
    other.elements.elements["x00080060"].length = 0;
    expect(() => structureMask(other, image())).toThrow(/is no image and no RTSTRUCT/);
  });
});
