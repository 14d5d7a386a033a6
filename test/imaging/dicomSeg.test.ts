import {describe, expect, it} from "vitest";
import {readDicomElements} from "../../src/imaging/dicomDataSet.js";
import {rasAffine} from "../../src/imaging/dicomGeometry.js";
import {segmentMask} from "../../src/imaging/dicomSeg.js";
import {maskOnGrid} from "../../src/imaging/maskOnGrid.js";
import type {Grid} from "../../src/imaging/resample.js";
import {rle16} from "./compress.js";
import {segFile, type Segmentation, type SegmentFrame} from "./maskFiles.js";
import {encapsulated} from "./dicomWriter.js";

/** 7 × 5 voxels: 35 bits, so that no frame but the first begins at a byte. */
const [columns, rows, slices] = [7, 5, 6];
const grid: Grid = {
  dims: [columns, rows, slices],
  spacing: [2, 3, 4],
  affine: rasAffine([[2, 0, 0], [0, 3, 0], [0, 0, 4]], [-10, -20, 30]) // prettier-ignore
};
/** A lopsided body on slices 1, 2 and 4; another on slice 5. */
const inside = (segment: number, i: number, j: number, k: number) =>
  segment === 1 ? [1, 2, 4].includes(k) && i + 2 * j + k < 9 && i > 0 : k === 5 && i === 6;
const pixels = (value: (i: number, j: number) => number) =>
  Array.from({length: columns * rows}, (_, at) => value(at % columns, Math.floor(at / columns)));
const position = (slice: number): [number, number, number] => [-10, -20, 30 + 4 * slice];
const frame = (segment: number, slice: number, within = 1): SegmentFrame => ({
  segment,
  position: position(slice),
  values: pixels((i, j) => (inside(segment, i, j, slice) ? within : 0))
});

const binary: Segmentation = {
  type: "BINARY",
  columns,
  rows,
  segments: ["GTVp", "GTVn"],
  spacing: [3, 2],
  orientation: [1, 0, 0, 0, 1, 0],
  // Out of order, as writers may.
  frames: [frame(1, 4), frame(2, 5), frame(1, 1), frame(1, 2)]
};
const truth = (segment: number) =>
  Float32Array.from({length: columns * rows * slices}, (_, at) =>
    inside(segment, at % columns, Math.floor(at / columns) % rows, Math.floor(at / columns / rows)) ? 1 : 0
  );
async function read(seg: Segmentation, wanted: string | null = "GTVp"): Promise<Float32Array | null> {
  const mask = await segmentMask(readDicomElements(segFile(seg), "seg.dcm"), wanted, "1.2.9");
  return mask && maskOnGrid(mask, grid, "seg.dcm", "image").data;
}

describe("segmentMask", () => {
  it("reads bits that run on across frames, each segment alone", async () => {
    expect(await read(binary)).toEqual(truth(1));
    expect(await read(binary, "gtvn")).toEqual(truth(2));
    expect(await read(binary, "2")).toEqual(truth(2));
  });

  it("reads what is written in each frame, implicit, big-endian and deflated", async () => {
    for (const syntax of ["implicit", "bigEndian", "deflated"] as const)
      expect(await read({...binary, syntax, sharedGeometry: false})).toEqual(truth(1));
  });

  it("reads fractions of a half or more", async () => {
    const frames = [1, 2, 4].map((slice) => ({
      ...frame(1, slice),
      values: pixels((i, j) => (inside(1, i, j, slice) ? 100 : 99))
    }));
    expect(await read({...binary, type: "FRACTIONAL", maximumFraction: 200, frames})).toEqual(truth(1));
  });

  it("reads label maps of 8 and 16 bits, and compressed", async () => {
    const frames = [1, 2, 3, 4, 5].map((slice) => ({
      segment: 0,
      position: position(slice),
      values: pixels((i, j) => (inside(2, i, j, slice) ? 2 : inside(1, i, j, slice) ? 1 : 0))
    }));
    for (const bits of [8, 16] as const) {
      const map: Segmentation = {...binary, type: "LABELMAP", frames, bits};
      expect(await read(map)).toEqual(truth(1));
      expect(await read(map, "GTVn")).toEqual(truth(2));
    }
    const packed = frames.map(({values}) => rle16(new Uint8Array(Uint16Array.from(values).buffer)));
    const more = {"7FE0,0010": ["OB", encapsulated(packed)]} as const;
    expect(await read({...binary, type: "LABELMAP", frames, bits: 16, syntax: "rle", more})).toEqual(truth(1));
  });

  it("places frames of another orientation", async () => {
    // Coronal frames of the same space: columns to the left, rows to the feet, 3 mm apart.
    const body = (i: number, j: number, k: number) => inside(1, i, j, k);
    const frames = [0, 1, 2, 3, 4].map((j) => ({
      segment: 1,
      position: [-10, -20 + 3 * j, 50] as [number, number, number],
      values: Array.from({length: columns * slices}, (_, at) =>
        body(at % columns, j, 5 - Math.floor(at / columns)) ? 1 : 0
      )
    }));
    const coronal: Segmentation = {...binary, rows: slices, spacing: [4, 2], orientation: [1, 0, 0, 0, 0, -1], frames};
    expect(await read(coronal)).toEqual(truth(1));
  });

  it("says that a segment is empty", async () => {
    expect(await read({...binary, frames: [frame(2, 5)]})).toBeNull();
    expect(await read({...binary, frames: [frame(1, 0), frame(2, 5)]})).toBeNull();
  });

  const geometry = (orientation: number[]) => ({"0020,9116": ["SQ", [{"0020,0037": ["DS", orientation]}]]}) as const;
  it.each<[string, Segmentation, string | null, RegExp]>([
    [
      "a choice it was not given",
      binary,
      null,
      /holds several segments \("GTVp", "GTVn"\); say which region is the tumour/
    ],
    ["a segment that is not there", binary, "liver", /has no "liver" among its segments/],
    ["another modality", {...binary, more: {"0008,0060": ["CS", "CT"]}}, "GTVp", /is CT and no SEG/],
    ["another type", {...binary, more: {"0062,0001": ["CS", "MESH"]}}, "GTVp", /has SegmentationType MESH/],
    [
      "another frame of reference",
      {...binary, more: {"0020,0052": ["UI", "1.2.8"]}},
      "GTVp",
      /another frame of reference/
    ],
    [
      "frames it does not describe",
      {...binary, more: {"0028,0008": ["IS", 9]}},
      "GTVp",
      /states 9 frames and describes 4/
    ],
    [
      "missing bits",
      {...binary, more: {"7FE0,0010": ["OB", new Uint8Array(16)]}},
      "GTVp",
      /asks for 18 bytes of pixels, 16/
    ],
    ["no sizes", {...binary, more: {"0028,0010": ["US", 0]}}, "GTVp", /has 0 × 7 voxels a frame/],
    ["no orientation", {...binary, more: {"5200,9229": ["SQ", []]}}, "GTVp", /has no ImageOrientationPatient/],
    [
      "uneven frames",
      {...binary, frames: [frame(1, 1), {...frame(1, 2), position: [-10, -20, 36.5]}, frame(1, 4)]},
      "GTVp",
      /has unevenly spaced frames/
    ],
    [
      "two frames at one place",
      {...binary, frames: [frame(1, 1), frame(1, 1), frame(1, 2)]},
      "GTVp",
      /two frames of one segment at one place/
    ],
    [
      "frames beside one another",
      {...binary, frames: [frame(1, 1), {...frame(1, 2), position: [0, -20, 38]}]},
      "GTVp",
      /do not lie over one another/
    ],
    [
      "a skewed orientation",
      {...binary, more: {"5200,9229": ["SQ", [geometry([1, 0, 0, 1, 0, 0])]]}},
      "GTVp",
      /no PixelSpacing|no pair of unit vectors/
    ]
  ])("refuses %s", async (_, seg, wanted, message) => {
    await expect(read(seg, wanted)).rejects.toThrow(message);
    await expect(read(seg, wanted)).rejects.toMatchObject({name: "ImageError"});
  });
});
