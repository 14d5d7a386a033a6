import {encoder, jpegLossless, rle16} from "./compress.js";
import {petHeader, type Phantom, phantomSeries} from "./dicomPhantom.js";
import type {DicomItem, Syntax} from "./dicomWriter.js";
import {rtStructFile} from "./maskFiles.js";

/** A patient as an archive exports one: files by path, series in folders, names that say nothing. */
export type ExportedFiles = Readonly<Record<string, Uint8Array>>;

/** A grid centred on the axis of the body, feet at z = 0. */
export interface SeriesSize {
  readonly columns: number;
  readonly slices: number;
  readonly pixelMm: number;
  readonly sliceMm: number;
}

/** Where the tumour lies, in LPS millimetres. */
export interface Ball {
  readonly centre: readonly [number, number, number];
  readonly radius: number;
}

export const smallSizes = {
  ct: {columns: 64, slices: 20, pixelMm: 4, sliceMm: 6},
  pet: {columns: 48, slices: 24, pixelMm: 5, sliceMm: 5}
} as const satisfies Record<"ct" | "pet", SeriesSize>;
export const tumour: Ball = {centre: [24, -20, 60], radius: 18};

type Compression = "none" | "jpegLs" | "jpeg2000" | "jpegLossless" | "rle";

/**
 * CT and PET of a body with a tumour, and its contours as RTSTRUCT. Deterministic; lossless in every syntax.
 *
 * @param petItems - elements of every PET file that are to be otherwise
 */
export async function dicomPatient(
  sizes: Readonly<Record<"ct" | "pet", SeriesSize>> = smallSizes,
  compression: Readonly<Record<"ct" | "pet", Compression>> = {ct: "none", pet: "none"},
  petItems: DicomItem = {}
): Promise<ExportedFiles> {
  const files: Record<string, Uint8Array> = {};
  for (const modality of ["ct", "pet"] as const) {
    const phantom = {
      ...(await packed(sizes[modality], compression[modality])),
      ...seriesOf[modality](sizes[modality], petItems)
    };
    phantomSeries(phantom).forEach(({bytes}, k) => {
      files[`export/${modality === "ct" ? "S1" : "S2"}/I${String(k).padStart(4, "0")}`] = bytes;
    });
  }
  files["export/S3/I0000"] = rtStructFile([{name: "GTVp", contours: circles(sizes.ct)}]);
  return files;
}

const distance = ({centre}: Ball, x: number, y: number, z: number) =>
  Math.hypot(x - centre[0], y - centre[1], z - centre[2]);
/** Grain without a generator: the same for the same place. */
const grain = (x: number, y: number, z: number) =>
  Math.sin(0.7 * x + 1.3 * y + 0.37 * z) * Math.cos(0.31 * x - 0.53 * y);
const inBody = (x: number, y: number) => Math.hypot(x / 1.2, y) < 90;

const seriesOf: Readonly<Record<"ct" | "pet", (size: SeriesSize, petItems: DicomItem) => Phantom>> = {
  ct: (size) => ({
    ...gridOf(size),
    ...headersOf("1.2.826.1", "CT AC", size),
    modality: "CT",
    intercept: -1024,
    // Stored values: HU + 1024.
    value: (x, y, z) => (inBody(x, y) ? Math.round((distance(tumour, x, y, z) < tumour.radius ? 1075 : 1020) + 25 * grain(x, y, z)) : 24) // prettier-ignore
  }),
  pet: (size, petItems) => ({
    ...gridOf(size),
    ...headersOf("1.2.826.2", "PET AC", size, {...petHeader, ...petItems}),
    modality: "PT",
    // Bq/ml: hot in the middle of the tumour.
    value: (x, y, z) => {
      const hot = 30_000 * Math.exp(-((distance(tumour, x, y, z) / tumour.radius) ** 2));
      return inBody(x, y) ? Math.round(2500 + 500 * grain(x, y, z) + hot) : 0;
    }
  })
};

function gridOf({columns, slices, pixelMm, sliceMm}: SeriesSize): Phantom {
  const corner = (-(columns - 1) * pixelMm) / 2;
  return {columns, rows: columns, slices, spacing: [pixelMm, pixelMm, sliceMm], origin: [corner, corner, 0]};
}

function headersOf(series: string, description: string, {sliceMm}: SeriesSize, more: DicomItem = {}): Phantom {
  return {
    more: (slice) => ({
      ...more,
      "0008,0018": ["UI", `${series}.${slice + 1}`],
      "0008,103E": ["LO", description],
      "0018,0050": ["DS", sliceMm],
      "0020,000E": ["UI", series]
    })
  };
}

async function packed({columns}: SeriesSize, compression: Compression): Promise<Phantom> {
  if (compression === "none") return {};
  const syntax: Syntax = compression;
  if (compression === "rle") return {syntax, compress: rle16};
  if (compression === "jpegLossless") return {syntax, compress: (pixels) => jpegLossless(pixels, columns, columns)};
  const codec = compression === "jpegLs" ? "JpegLSEncoder" : "J2KEncoder";
  return {syntax, compress: await encoder(codec, columns, columns, 16)};
}

/** The ball's outline on every CT slice that cuts it. */
function circles({slices, sliceMm}: SeriesSize): number[][] {
  const {centre, radius} = tumour;
  const contours: number[][] = [];
  for (let slice = 0; slice < slices; slice++) {
    const z = slice * sliceMm;
    const r = Math.sqrt(radius ** 2 - (z - centre[2]) ** 2);
    if (!(r > 1)) continue;
    const corners = Array.from({length: 48}, (_, k) => (2 * Math.PI * k) / 48);
    contours.push(corners.flatMap((a) => [centre[0] + r * Math.cos(a), centre[1] + r * Math.sin(a), z]));
  }
  return contours;
}
