import {describe, expect, it} from "vitest";
import {readCtSeries} from "../../src/imaging/dicomSeries.js";
import {encoder, jpegLossless, rle16} from "./compress.js";
import {type Phantom, phantomItems, phantomSeries} from "./dicomPhantom.js";
import {dicomFile, encapsulated, join} from "./dicomWriter.js";

const [columns, rows] = [33, 20];
const value = (x: number, y: number, z: number) => Math.round(1000 + 37 * x + 11 * y * y - 3 * z) & 4095;
const phantom: Phantom = {columns, rows, slices: 3, value};
const read = (series: Phantom) => readCtSeries(phantomSeries(series), "s");

describe("compressed series", () => {
  it.each([
    ["jpeg2000", "J2KEncoder"],
    ["jpegLs", "JpegLSEncoder"]
  ] as const)("%s without loss gives the uncompressed values", async (syntax, name) => {
    const compress = await encoder(name, columns, rows, 16);
    expect(await read({...phantom, syntax, compress})).toEqual(await read(phantom));
  });

  it("signed JPEG 2000", async () => {
    const signed = {...phantom, signed: true, value: (x: number, y: number) => Math.round(20 * x - 7 * y)};
    const compress = await encoder("J2KEncoder", columns, rows, 16, true);
    const volume = await read({...signed, syntax: "jpeg2000", compress});
    expect(volume).toEqual(await read(signed));
    expect(Math.min(...volume.data)).toBeLessThan(-100);
  });

  it("RLE and JPEG lossless, all 16 bits", async () => {
    const wide = {...phantom, value: (x: number, y: number, z: number) => (x * 4099 + y * y * 77 + z) & 65535};
    const plain = await read(wide);
    expect(Math.max(...plain.data)).toBeGreaterThan(60000);
    expect(await read({...wide, syntax: "rle", compress: rle16})).toEqual(plain);
    const lossless = (pixels: Uint8Array) => jpegLossless(pixels, columns, rows);
    expect(await read({...wide, syntax: "jpegLossless", compress: lossless})).toEqual(plain);
  });

  it("JPEG lossless to the last pixel, wherever in a byte the stream ends", async () => {
    const body = (x: number, y: number, z: number) =>
      Math.hypot(x, y) < 20 ? 1000 + Math.round(25 * Math.sin(x + y * z)) : 24;
    const many = {...phantom, slices: 40, value: body};
    const lossless = (pixels: Uint8Array) => jpegLossless(pixels, columns, rows);
    expect(await read({...many, syntax: "jpegLossless", compress: lossless})).toEqual(await read(many));
  });

  it("baseline JPEG to within its loss", async () => {
    const smooth = {...phantom, bits: 8, value: (x: number, y: number) => Math.round(120 + x + y)} as const;
    const compress = await encoder("JPEGEncoder", columns, rows, 8);
    const [jpeg, plain] = [await read({...smooth, syntax: "jpegBaseline", compress}), await read(smooth)];
    expect(Math.max(...jpeg.data.map((found, k) => Math.abs(found - plain.data[k])))).toBeLessThan(4);
  });

  it("puts a frame together from several fragments", async () => {
    const items = phantomItems({...phantom, syntax: "rle", compress: rle16}, 0);
    const whole = rle16(phantomItems(phantom, 0)["7FE0,0010"][1] as Uint8Array);
    const halves = encapsulated([whole.subarray(0, 100), whole.subarray(100)]);
    const file = (pixels: Uint8Array) => ({
      name: "a",
      bytes: dicomFile({...items, "0018,0050": ["DS", 4], "7FE0,0010": ["OB", pixels]}, "rle")
    });
    expect(await readCtSeries([file(halves)], "s")).toEqual(await readCtSeries([file(encapsulated([whole]))], "s"));
  });

  it("refuses what is damaged, of another size, or in a compression it does not know", async () => {
    const compress = await encoder("J2KEncoder", columns, rows, 16);
    const larger = await encoder("J2KEncoder", columns, 2 * rows, 16);
    const twice = (pixels: Uint8Array) => larger(join([pixels, pixels]));
    const damaged = /s\/\d\.dcm: holds compressed pixels that cannot be unpacked; copy or export the file again\./;
    await expect(read({...phantom, syntax: "jpeg2000", compress: twice})).rejects.toThrow(damaged);
    const cut = (pixels: Uint8Array) => compress(pixels).subarray(0, 30);
    await expect(read({...phantom, syntax: "jpeg2000", compress: cut})).rejects.toThrow(damaged);
    await expect(read({...phantom, syntax: "rle", compress: (p) => rle16(p).subarray(0, 80)})).rejects.toThrow(damaged);
    await expect(read({...phantom, syntax: "mpeg4", compress})).rejects.toThrow(
      /is compressed as 1\.2\.840\.10008\.1\.2\.4\.102, which cannot be read; export it uncompressed\./
    );
  });
});
