import {describe, expect, it} from "vitest";
import {isocontour} from "../../src/imaging/isocontour.js";
import type {Volume} from "../../src/imaging/volume.js";

/** A volume of 4 mm voxels whose values are drawn from the voxel's centre in millimetres. */
function volume(value: (x: number, y: number, z: number) => number, size = 21, mm = 4): Volume {
  const data = new Float32Array(size ** 3);
  for (let k = 0; k < size; k++)
    for (let j = 0; j < size; j++)
      for (let i = 0; i < size; i++) data[i + size * (j + size * k)] = value(i * mm, j * mm, k * mm);
  const affine = Float64Array.from([mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, mm, 0, 0, 0, 0, 1]);
  return {dims: [size, size, size], spacing: [mm, mm, mm], affine, data};
}

/** A cone of uptake: 10 at its tip, falling to 0 at a radius. */
const cone = (at: number, radius: number, height: number) => (x: number, y: number, z: number) =>
  Math.max(0, height * (1 - Math.hypot(x - at, y - 40, z - 40) / radius));

describe("isocontour", () => {
  it("holds what reaches the share of the maximum near the click, and no other lesion", () => {
    const left = cone(20, 16, 10);
    const right = cone(60, 16, 20);
    const pet = volume((x, y, z) => left(x, y, z) + right(x, y, z));
    const found = isocontour(pet, [6, 10, 10], 0.41);
    expect([found.peak, found.maximum, found.highest, found.atEdge]).toEqual([[5, 10, 10], 10, 10, false]);
    const wanted = pet.data.map((value, at) => Number(at % 21 < 10 && value >= 4.1));
    expect(found.mask.data).toEqual(wanted);
    expect(found.voxels).toBe(wanted.reduce((sum, v) => sum + v, 0));
    expect(isocontour(pet, [5, 10, 10], 1).voxels).toBe(1);
  });

  it("finds the maximum in millimetres, whatever way the axes run", () => {
    const pet = volume(cone(20, 16, 10));
    const turned: Volume = {...pet, affine: Float64Array.from([0, -4, 0, 9, 4, 0, 0, 9, 0, 0, 4, 9, 0, 0, 0, 1])};
    expect(isocontour(turned, [7, 10, 10], 0.41).peak).toEqual([5, 10, 10]);
    // 12 mm away is out of reach.
    expect(isocontour(turned, [8, 10, 10], 0.41).peak).not.toEqual([5, 10, 10]);
  });

  it("says where it runs into something hotter, and where it reaches the edge", () => {
    const joined = volume((x) => 5 + x / 10);
    const found = isocontour(joined, [2, 10, 10], 0.41);
    expect(found.highest).toBeGreaterThan(found.maximum);
    expect(found.atEdge).toBe(true);
  });

  it("is empty without uptake, and refuses what is no voxel or no share", () => {
    const nothing = volume(() => 0);
    expect(isocontour(nothing, [1, 1, 1], 0.41).voxels).toBe(0);
    expect(() => isocontour(nothing, [21, 0, 0], 0.41)).toThrow("outside the volume of 21 × 21 × 21");
    for (const share of [0, -1, 1.2, NaN]) expect(() => isocontour(nothing, [0, 0, 0], share)).toThrow(/above 0%/);
  });

  it("passes over values that are no numbers", () => {
    const pet = volume(cone(20, 16, 10));
    pet.data[5 + 21 * (10 + 21 * 9)] = NaN;
    const found = isocontour(pet, [5, 10, 9], 0.41);
    expect([found.maximum, found.mask.data[5 + 21 * (10 + 21 * 9)]]).toEqual([10, 0]);
  });
});
