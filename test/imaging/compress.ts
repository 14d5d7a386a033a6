/** Compressors for the tests: the codecs' own encoders, and two small ones written from the standards. */

interface Encoder {
  getDecodedBuffer(frame: object): Uint8Array;
  getEncodedBuffer(): Uint8Array;
  encode(): void;
  /** JPEG 2000 only. */
  setDecompositions?(count: number): void;
  setQuality?(reversible: boolean | number, rate?: number): void;
  delete(): void;
}

const packages = {
  J2KEncoder: () => import("@cornerstonejs/codec-openjpeg"),
  JpegLSEncoder: () => import("@cornerstonejs/codec-charls"),
  JPEGEncoder: () => import("@cornerstonejs/codec-libjpeg-turbo-8bit")
};

/** Lossless JPEG 2000 or JPEG-LS, or baseline JPEG of full quality. */
export async function encoder(
  name: keyof typeof packages,
  columns: number,
  rows: number,
  bits: number,
  signed = false
) {
  const module = await ((await packages[name]()).default as (o: object) => Promise<Record<string, new () => Encoder>>)(
    {}
  );
  return (pixels: Uint8Array): Uint8Array => {
    const codec = new module[name]();
    const frame = {width: columns, height: rows, bitsPerSample: bits, componentCount: 1, isSigned: signed};
    codec.getDecodedBuffer({...frame, isUsingColorTransform: false}).set(pixels);
    if (name === "J2KEncoder") {
      // Small images have few levels.
      codec.setDecompositions?.(2);
      codec.setQuality?.(true, 0);
    } else if (name === "JPEGEncoder") codec.setQuality?.(100);
    codec.encode();
    const encoded = codec.getEncodedBuffer().slice();
    codec.delete();
    return encoded;
  };
}

/** PS3.5 annex G for 16-bit pixels: literal runs, and one repeated run where a row of bytes is all the same. */
export function rle16(pixels: Uint8Array): Uint8Array {
  const segment = (offset: number) => {
    const bytes = Array.from({length: pixels.length / 2}, (_, k) => pixels[2 * k + offset]);
    const packed: number[] = [];
    for (let at = 0; at < bytes.length;) {
      let run = 1;
      while (run < 128 && bytes[at + run] === bytes[at]) run++;
      if (run > 1) packed.push(257 - run, bytes[at]);
      else packed.push(0, bytes[at]);
      at += run;
    }
    // −128 is to be passed over.
    packed.push(128);
    return packed.length % 2 === 0 ? packed : [...packed, 0];
  };
  const [high, low] = [segment(1), segment(0)];
  const header = new Uint8Array(64);
  const view = new DataView(header.buffer);
  [2, 64, 64 + high.length].forEach((value, k) => view.setUint32(4 * k, value, true));
  return Uint8Array.from([...header, ...high, ...low]);
}

/** JPEG lossless, process 14, selection value 1 (ITU T.81 annex H), 16 bits; all seventeen classes coded in 5 bits. */
export function jpegLossless(pixels: Uint8Array, columns: number, rows: number): Uint8Array {
  const at = (k: number) => pixels[2 * k] | (pixels[2 * k + 1] << 8);
  const bits: number[] = [];
  const put = (value: number, count: number) => {
    for (let bit = count - 1; bit >= 0; bit--) bits.push((value >> bit) & 1);
  };
  for (let k = 0; k < columns * rows; k++) {
    const column = k % columns;
    // The first row is predicted from the left, the first column from above, the first pixel by 2^15.
    const predicted = k === 0 ? 32768 : column > 0 ? at(k - 1) : at(k - columns);
    const difference = ((at(k) - predicted + 32768) & 65535) - 32768;
    const size = difference === -32768 ? 16 : Math.ceil(Math.log2(Math.abs(difference) + 1));
    put(size, 5);
    if (size < 16) put(difference >= 0 ? difference : difference + 2 ** size - 1, size);
  }
  while (bits.length % 8) bits.push(1);
  const scan: number[] = [];
  for (let k = 0; k < bits.length; k += 8) {
    const byte = parseInt(bits.slice(k, k + 8).join(""), 2);
    scan.push(byte);
    if (byte === 255) scan.push(0);
  }
  const marker = (code: number, body: number[]) => [
    255,
    code,
    (body.length + 2) >> 8,
    (body.length + 2) & 255,
    ...body
  ];
  const lengths = Array.from({length: 16}, (_, k) => (k === 4 ? 17 : 0));
  return Uint8Array.from([
    ...[255, 0xd8],
    ...marker(0xc4, [0, ...lengths, ...Array.from({length: 17}, (_, k) => k)]),
    ...marker(0xc3, [16, rows >> 8, rows & 255, columns >> 8, columns & 255, 1, 1, 0x11, 0]),
    ...marker(0xda, [1, 1, 0, 1, 0, 0]),
    ...scan,
    ...[255, 0xd9]
  ]);
}
