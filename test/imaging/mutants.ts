import {ImageError} from "../../src/imaging/imageError.js";
import {readDicomElements} from "../../src/imaging/dicomDataSet.js";
import {segmentMask} from "../../src/imaging/dicomSeg.js";
import {readCtSeries} from "../../src/imaging/dicomSeries.js";
import {readNifti} from "../../src/imaging/nifti.js";
import {readPetSeries} from "../../src/imaging/petSeries.js";
import {structureMask} from "../../src/imaging/rtStruct.js";
import type {Volume} from "../../src/imaging/volume.js";
import {philox} from "../../src/numeric/random.js";
import {encoder, jpegLossless, rle16} from "./compress.js";
import {type Phantom, petHeader, phantomSeries} from "./dicomPhantom.js";
import type {DicomItem} from "./dicomWriter.js";
import {rtStructFile, segFile, type Segmentation} from "./maskFiles.js";
import {niftiFile} from "./niftiFile.js";

/** A sound file to be spoilt, and its reader. */
export interface Specimen {
  readonly kind: string;
  readonly bytes: Uint8Array;
  readonly read: (bytes: Uint8Array) => Promise<Volume | null>;
}

/** What a reader made of a spoilt file. Anything but a volume or an ImageError is thrown on. */
export type Outcome = "volume" | "empty" | "refused";

/** No reader may give more voxels than this for each byte it was given: the most that gzip packs. */
export const voxelsPerByte = 1032;

const thick: DicomItem = {"0018,0050": ["DS", 4]};
const ct = (phantom: Phantom) => phantomSeries({slices: 1, columns: 17, rows: 9, more: thick, ...phantom})[0].bytes;
const readCt = (bytes: Uint8Array) => readCtSeries([{name: "f", bytes}], "s");
const readPet = async (bytes: Uint8Array) => (await readPetSeries([{name: "f", bytes}], "s")).volume;
const readSeg = (bytes: Uint8Array) => segmentMask(readDicomElements(bytes, "f"));
const grid = {dims: [20, 20, 4], spacing: [1, 1, 1], affine: Float64Array.of(-1, 0, 0, 0, 0, -1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1)} as const; // prettier-ignore
const readStructure = (bytes: Uint8Array) => Promise.resolve(structureMask(readDicomElements(bytes, "f"), grid));
const readNii = (bytes: Uint8Array) => Promise.resolve(readNifti(bytes, "f"));

/** One of each kind of file. The compressed ones are slow to open. */
export async function specimens(compressed: boolean): Promise<Specimen[]> {
  const square = [3, 3, 1, 15, 3, 1, 15, 15, 1, 3, 15, 1];
  const seg: Segmentation = {
    type: "BINARY",
    columns: 9,
    rows: 7,
    segments: ["GTV"],
    spacing: [1, 1],
    orientation: [1, 0, 0, 0, 1, 0],
    frames: [0, 1, 2].map((z) => ({segment: 1, position: [0, 0, z], values: Array.from({length: 63}, (_, k) => k % 2)}))
  };
  const nii = {dims: [5, 4, 3], values: Array.from({length: 60}, (_, k) => k), sform: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0]} as const; // prettier-ignore
  const plain: Specimen[] = [
    ...(["explicit", "implicit", "deflated", "bigEndian"] as const).map((syntax) => ({kind: `CT, ${syntax}`, bytes: ct({syntax}), read: readCt})), // prettier-ignore
    {kind: "PET", bytes: ct({modality: "PT", more: {...thick, ...petHeader}}), read: readPet},
    {kind: "RTSTRUCT", bytes: rtStructFile([{name: "GTV", contours: [square, square.map((v) => v + 1)]}]), read: readStructure}, // prettier-ignore
    {kind: "RTSTRUCT, implicit", bytes: rtStructFile([{name: "GTV", contours: [square]}], "implicit"), read: readStructure}, // prettier-ignore
    {kind: "SEG, binary", bytes: segFile(seg), read: readSeg},
    {kind: "SEG, fractional", bytes: segFile({...seg, type: "FRACTIONAL", maximumFraction: 1}), read: readSeg},
    {kind: "SEG, label map", bytes: segFile({...seg, type: "LABELMAP", syntax: "implicit"}), read: readSeg},
    {kind: "NIfTI-1", bytes: niftiFile({...nii, datatype: "int16"}), read: readNii},
    {kind: "NIfTI-2", bytes: niftiFile({...nii, version: 2, datatype: "float64", bigEndian: true}), read: readNii},
    {kind: "NIfTI, gzip", bytes: niftiFile({...nii, gzip: true}), read: readNii}
  ];
  if (!compressed) return plain;
  const [jpeg2000, jpegLs] = [await encoder("J2KEncoder", 17, 9, 16), await encoder("JpegLSEncoder", 17, 9, 16)];
  const jpeg = await encoder("JPEGEncoder", 33, 20, 8);
  const smooth = (x: number, y: number) => Math.round(120 + x + y);
  const packed: [string, Phantom][] = [
    ["RLE", {syntax: "rle", compress: rle16}],
    ["JPEG lossless", {syntax: "jpegLossless", compress: (pixels) => jpegLossless(pixels, 17, 9)}],
    ["JPEG 2000", {syntax: "jpeg2000", compress: jpeg2000}],
    ["JPEG-LS", {syntax: "jpegLs", compress: jpegLs}],
    ["JPEG", {syntax: "jpegBaseline", compress: jpeg, bits: 8, columns: 33, rows: 20, value: smooth}]
  ];
  return [...plain, ...packed.map(([kind, phantom]) => ({kind: `CT, ${kind}`, bytes: ct(phantom), read: readCt}))];
}

/** The file spoilt in one to eight places: the number decides how. */
export function mutant(bytes: Uint8Array, number: number): Uint8Array {
  const random = philox(20261123, number);
  const below = (n: number) => Math.min(n - 1, Math.floor(random.uniform() * n));
  let spoilt = bytes.slice();
  // Half of them in one place only: these get further.
  for (let times = below(2) === 0 ? 1 : 1 + below(8); times > 0 && spoilt.length > 0; times--) {
    const at = below(spoilt.length);
    const kind = below(9);
    const length = 1 + below(Math.min(64, spoilt.length - at));
    if (kind <= 2) spoilt[at] = below(256);
    else if (kind === 3) spoilt[at] ^= 1 << below(8);
    // Lengths and sizes: nothing, everything, the largest signed.
    else if (kind === 4)
      spoilt.set([[0, 0, 0, 0], [255, 255, 255, 255], [255, 255, 255, 127], [0, 0, 1, 0]][below(4)].slice(0, spoilt.length - at), at); // prettier-ignore
    else if (kind === 5) spoilt = Uint8Array.from([...spoilt.subarray(0, at), ...spoilt.subarray(at + length)]);
    else if (kind === 6) spoilt = Uint8Array.from([...spoilt.subarray(0, at + length), ...spoilt.subarray(at)]);
    else if (kind === 7 && below(4) === 0) spoilt = spoilt.slice(0, at);
    else spoilt.copyWithin(at, below(spoilt.length), below(spoilt.length));
  }
  return spoilt;
}

/**
 * Reads a file that may be broken.
 *
 * @throws whatever is neither a volume within bounds nor an ImageError of one sentence
 */
export async function outcome({read}: Specimen, bytes: Uint8Array): Promise<Outcome> {
  try {
    const volume = await read(bytes);
    if (volume === null) return "empty";
    const [nx, ny, nz] = volume.dims;
    if (volume.data.length !== nx * ny * nz) throw new Error("The volume has not the voxels it states.");
    if (volume.data.length > Math.max(1600, voxelsPerByte * bytes.length))
      throw new Error("The volume is out of bounds.");
    return "volume";
  } catch (error) {
    if (!(error instanceof ImageError)) throw error;
    const {problem} = error;
    if (problem.length > 400 || !/[.]$/.test(problem)) throw new Error(`No clear sentence: ${problem}`, {cause: error});
    return "refused";
  }
}
