import {gzipSync} from "node:zlib";
import {readHeader} from "nifti-reader-js";
import {describe, expect, it} from "vitest";
import {readNifti} from "../../src/imaging/nifti.js";
import {readNiftiHeader} from "../../src/imaging/niftiHeader.js";
import {gridDifference, sameGrid} from "../../src/imaging/sameGrid.js";
import {niftiFile} from "./niftiFile.js";

const dims = [3, 2, 2] as const;
const values = [-5, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 1000];
const identity = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

describe("readNifti", () => {
  it("applies slope and intercept to int16", () => {
    const {data} = readNifti(niftiFile({dims, values, datatype: "int16", slope: 0.5, intercept: -3}), "a.nii");
    expect(Array.from(data)).toEqual(values.map((value) => value * 0.5 - 3));
  });

  it.each(["int16", "float32", "float64"] as const)("takes a slope of 0 as unscaled: %s", (datatype) => {
    expect(Array.from(readNifti(niftiFile({dims, values, datatype}), "a.nii").data)).toEqual(values);
  });

  it("reads unsigned values above the signed range", () => {
    const file = niftiFile({dims: [2, 1, 1], values: [65535, 40000], datatype: "uint16"});
    expect(Array.from(readNifti(file, "a.nii").data)).toEqual([65535, 40000]);
    const mask = niftiFile({dims: [2, 1, 1], values: [255, 1], datatype: "uint8"});
    expect(Array.from(readNifti(mask, "a.nii").data)).toEqual([255, 1]);
  });

  it.each([
    ["int8", [-128, 127]],
    ["uint8", [0, 255]],
    ["int16", [-32768, 32767]],
    ["uint16", [0, 65535]],
    ["int32", [-2147483648, 2147483520]],
    ["uint32", [0, 4294967040]],
    ["int64", [-(2 ** 53), 2 ** 40]],
    ["uint64", [0, 2 ** 53]],
    ["float32", [-1.5, 3e38]],
    ["float64", [-1.5, 2 ** 100]]
  ] as const)("reads the ends of %s in both byte orders and both versions", (datatype, ends) => {
    for (const version of [1, 2] as const)
      for (const bigEndian of [false, true]) {
        const file = {dims: [2, 1, 1], values: ends, datatype, version, bigEndian, sform: identity} as const;
        expect(Array.from(readNifti(niftiFile(file), "a.nii").data)).toEqual(ends.map(Math.fround));
        expect(readNifti(niftiFile({...file, gzip: true}), "a.nii.gz").data[0]).toBe(Math.fround(ends[0]));
      }
  });

  it("reads NIfTI-2 as it reads NIfTI-1", () => {
    const file = {dims, values, datatype: "int16", slope: 2, intercept: 1, spacing: [1, 2, 3], qform: [0.3, -0.4, 0.5, -7, 8, 9, -1]} as const; // prettier-ignore
    const [one, two] = [1, 2].map((version) => readNifti(niftiFile({...file, version: version as 1 | 2}), "a.nii"));
    expect(two.data).toEqual(one.data);
    two.affine.forEach((value, k) => expect(value).toBeCloseTo(one.affine[k], 5));
  });

  it("takes no more of a gzip than its header asks for", () => {
    // 4 MB of zeros after the last voxel, of which nothing is needed; then a header that asks for more than fits.
    const plain = niftiFile({dims, values, datatype: "int16"});
    const padded = new Uint8Array(gzipSync(Buffer.concat([plain, Buffer.alloc(4_000_000)])));
    expect(readNifti(padded, "a.nii.gz").data).toEqual(readNifti(plain, "a.nii").data);
    const vast = plain.slice();
    const view = new DataView(vast.buffer);
    [3, 32767, 32767, 300].forEach((length, k) => view.setInt16(40 + 2 * k, length, true));
    expect(() => readNifti(vast, "x.nii")).toThrow(/^x\.nii: has 32767 × 32767 × 300 voxels, more than fit; crop/);
  });

  it("reads gzip and big-endian as it reads the plain file", () => {
    const file = {dims, values, datatype: "int16", slope: 2, spacing: [1, 2, 3], sform: identity} as const;
    const plain = readNifti(niftiFile(file), "a.nii");
    expect(readNifti(niftiFile({...file, gzip: true}), "a.nii.gz")).toEqual(plain);
    expect(readNifti(niftiFile({...file, bigEndian: true}), "a.nii")).toEqual(plain);
    expect(plain.data[11]).toBe(2000);
  });

  it("prefers the sform, then the qform, then the spacing", () => {
    const spacing = [2, 3, 4] as const;
    // Half a turn about z: (i, j, k) → (−2i + 10, −3j + 20, 4k + 30).
    const qform = [0, 0, 1, 10, 20, 30, 1];
    const sform = [-2, 0, 0, 1, 0, 0, 4, 2, 0, 3, 0, 3];
    const header = (file: object) => readNiftiHeader(niftiFile({dims, values, spacing, ...file}), "a.nii");
    const turned = header({qform});
    expect(turned.placedBy).toBe("qform");
    expect(Array.from(turned.affine)).toEqual([-2, 0, 0, 10, 0, -3, 0, 20, 0, 0, 4, 30, 0, 0, 0, 1]);
    const both = header({qform, sform});
    expect(both.placedBy).toBe("sform");
    expect(Array.from(both.affine)).toEqual([...sform, 0, 0, 0, 1]);
    expect(both.spacing).toEqual([2, 3, 4]);
    expect(Array.from(header({}).affine)).toEqual([2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, 0, 0, 0, 1]);
  });

  it("turns a general quaternion as nifti-reader-js does", () => {
    const [b, c, d] = [0.3, -0.4, 0.5];
    const bytes = niftiFile({dims, values, spacing: [0.9, 1.1, 2.5], qform: [b, c, d, -7, 8, 9, -1]});
    const oracle = readHeader(bytes.buffer as ArrayBuffer).affine.flat();
    readNiftiHeader(bytes, "a.nii").affine.forEach((value, k) => expect(value).toBeCloseTo(oracle[k], 6));
  });

  it.each([
    [
      "a truncated file",
      (file: Uint8Array) => file.subarray(0, file.length - 1),
      /^x\.nii: truncated: .* asks for 376 bytes .* 375 are there; copy the file again\.$/
    ],
    ["a file cut in its header", (file: Uint8Array) => file.subarray(0, 100), /too short for a NIfTI header; copy/],
    ["an empty file", () => new Uint8Array(0), /only 0 bytes long/],
    ["no NIfTI", (file: Uint8Array) => file.fill(7, 0, 4), /not a NIfTI file .* convert it/],
    [
      "a wrong magic",
      (file: Uint8Array) => file.fill(65, 344, 347),
      /no NIfTI magic \("AAA" stands where "n\+1" should\); convert/
    ],
    [
      "a header of a pair",
      (file: Uint8Array) => ((file[345] = 0x69), file),
      /header\/image pair .* save it as one \.nii/
    ],
    ["a zip", () => Uint8Array.of(0x50, 0x4b, 3, 4), "x.nii: is a zip archive; unpack it and give the file inside."],
    [
      "axes in a plane",
      (file: Uint8Array) => (file.set(niftiFile({dims, values, datatype: "int16", sform: [1, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 0]})), file), // prettier-ignore
      /axes do not span a volume \(a damaged sform or qform\); write/
    ],
    ["complex voxels", (file: Uint8Array) => ((file[70] = 32), file), /voxels are complex64.* save it as int16/],
    [
      "a time series",
      (file: Uint8Array) => ((file[40] = 4), (file[48] = 5), file),
      /not one 3-D volume \(3 × 2 × 2 × 5\); save/
    ]
  ])("refuses %s in one sentence", (_, damage, message) => {
    const file = damage(niftiFile({dims, values, datatype: "int16"}));
    expect(() => readNifti(file, "x.nii")).toThrow(message);
  });

  it.each([10, 60, 90, 98])("refuses gzip cut after %d percent", (percent) => {
    const noise = Array.from({length: 12 * 12 * 12}, (_, k) => Math.sin(k * k));
    const file = niftiFile({dims: [12, 12, 12], values: noise, gzip: true});
    const cut = file.subarray(0, Math.floor((file.length * percent) / 100));
    expect(() => readNifti(cut, "x.nii.gz")).toThrow(/^x\.nii\.gz: truncated.*copy the file again\.$/);
  });
});

describe("sameGrid", () => {
  const volume = (sform: readonly number[], shape: readonly [number, number, number] = dims) =>
    readNifti(
      niftiFile({dims: shape, values: new Array<number>(shape[0] * shape[1] * shape[2]).fill(0), sform}),
      "a.nii"
    );

  it("lets rounding pass and nothing more", () => {
    const moved = (mm: number) => identity.map((value, k) => (k === 3 ? mm : value));
    expect(sameGrid(volume(identity), volume(moved(0.049)))).toBe(true);
    expect(gridDifference(volume(identity), volume(moved(0.051)))).toMatch(/^corners lie up to 0\.0510 mm apart/);
  });

  it("sees a flipped axis and another shape", () => {
    const flipped = identity.map((value, k) => (k === 0 ? -1 : value));
    expect(sameGrid(volume(identity), volume(flipped))).toBe(false);
    expect(gridDifference(volume(identity), volume(identity, [3, 2, 1]))).toBe("3 × 2 × 2 voxels against 3 × 2 × 1");
  });
});
