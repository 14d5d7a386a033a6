import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {fromHalf, toHalf} from "../../data-loaders/signatures/halfPrecision.js";
import {efficientNetLite0} from "../../data-loaders/signatures/efficientNetLite0.js";
import {readSafetensors, type Tensor, writeSafetensors} from "../../data-loaders/training/safetensors.js";
import {timmBackbone, timmNames} from "../../data-loaders/training/timmBackbone.js";

describe("half precision", () => {
  it("reads every one of its numbers back", () => {
    for (let bits = 0; bits < 0x10000; bits++) {
      const value = fromHalf(bits);
      if (!Number.isNaN(value)) expect(toHalf(value)).toBe(bits);
    }
  });

  it("rounds to the nearest, ties to even", () => {
    fc.assert(
      fc.property(fc.float({noNaN: true, min: -65000, max: 65000}), (value) => {
        const bits = toHalf(value);
        const found = Math.abs(fromHalf(bits) - value);
        const neighbours = [bits - 1, bits + 1].filter((near) => (near & 0x7fff) <= 0x7c00 && near >= 0);
        for (const near of neighbours.filter((near) => (near & 0x8000) === (bits & 0x8000))) {
          expect(found).toBeLessThanOrEqual(Math.abs(fromHalf(near) - value));
        }
      })
    );
    expect(fromHalf(toHalf(1 + 2 ** -11))).toBe(1);
    expect(fromHalf(toHalf(1 + 3 * 2 ** -11))).toBe(1 + 2 ** -9);
    expect(fromHalf(toHalf(70000))).toBe(Infinity);
    expect(toHalf(NaN)).toBe(0x7e00);
  });
});

describe("safetensors", () => {
  const tensors = new Map<string, Tensor>([
    ["a", {shape: [2, 2], values: Float32Array.of(1, -2, 0.5, 3e-9)}],
    ["b", {shape: [], values: Float32Array.of(7)}]
  ]);

  it("come back as written", () => {
    const read = readSafetensors(writeSafetensors({tensors, metadata: {step: "3"}}), "file");
    expect(read.metadata).toEqual({step: "3"});
    expect([...read.tensors]).toEqual([...tensors]);
  });

  it.each([
    ["F64", 8, (view: DataView) => view.setFloat64(0, -1.5, true)],
    ["F16", 2, (view: DataView) => view.setUint16(0, toHalf(-1.5), true)],
    ["BF16", 2, (view: DataView) => view.setUint16(0, 0xbfc0, true)],
    ["I64", 8, (view: DataView) => view.setBigInt64(0, -2n, true)]
  ])("%s becomes float32", (dtype, width, put) => {
    const view = new DataView(new ArrayBuffer(width));
    put(view);
    const {tensors: read} = readSafetensors(handmade({x: {dtype, shape: [1], data_offsets: [0, width]}}, view), "file");
    expect(read.get("x")!.values[0]).toBe(dtype === "I64" ? -2 : -1.5);
  });

  it("says in one sentence what is wrong with a file", () => {
    const bytes = writeSafetensors({tensors, metadata: {}});
    const message = (of: Uint8Array) => {
      try {
        readSafetensors(of, "w.safetensors");
        return "";
      } catch (error) {
        return (error as Error).message;
      }
    };
    expect(message(new Uint8Array(3))).toBe(
      "w.safetensors is no safetensors file, or is cut short; download it again."
    );
    expect(message(bytes.subarray(0, 40))).toMatch(/is cut short/);
    expect(message(bytes.subarray(0, bytes.length - 2))).toMatch(/tensor "b", does not fill its shape/);
    expect(message(handmade("text"))).toMatch(/no readable safetensors header/);
    expect(message(handmade({x: {dtype: "F8_E4M3", shape: [1], data_offsets: [0, 1]}}))).toBe(
      'w.safetensors, tensor "x", holds F8_E4M3; convert it to F32.'
    );
  });
});

describe("timmBackbone", () => {
  const names = timmNames();

  it("names the tensors as timm does", () => {
    expect(names[0]).toEqual({convolution: "conv_stem", normalisation: "bn1"});
    expect(names[1]).toEqual({convolution: "blocks.0.0.conv_dw", normalisation: "blocks.0.0.bn1"});
    expect(names[2]).toEqual({convolution: "blocks.0.0.conv_pw", normalisation: "blocks.0.0.bn2"});
    expect(names[3]).toEqual({convolution: "blocks.1.0.conv_pw", normalisation: "blocks.1.0.bn1"});
    expect(names[5]).toEqual({convolution: "blocks.1.0.conv_pwl", normalisation: "blocks.1.0.bn3"});
    expect(names.at(-1)).toEqual({convolution: "conv_head", normalisation: "bn2"});
    expect(new Set(names.map(({convolution}) => convolution)).size).toBe(49);
  });

  const tensors = timmFile();

  it("takes each tensor to its place", () => {
    const {parameters, moments} = timmBackbone(writeSafetensors({tensors, metadata: {}}), "w");
    parameters.layers.forEach(({kernel, scale, shift}, index) => {
      expect(kernel[kernel.length - 1]).toBe(Math.fround(index + 0.1));
      expect([scale[0], shift[0]]).toEqual([index + 0.2, index + 0.3].map(Math.fround));
      expect([moments[index].mean[0], moments[index].variance[0]]).toEqual([index + 0.4, index + 0.5].map(Math.fround));
    });
  });

  it("refuses a file of another network, naming the tensor", () => {
    const missing = new Map(tensors);
    missing.delete("conv_head.weight");
    const other = new Map(tensors);
    other.set("conv_stem.weight", {shape: [40, 3, 3, 3], values: new Float32Array(1080)});
    expect(() => timmBackbone(writeSafetensors({tensors: missing, metadata: {}}), "w")).toThrow(
      'w has no tensor "conv_head.weight" (1280 × 320 × 1 × 1)'
    );
    expect(() => timmBackbone(writeSafetensors({tensors: other, metadata: {}}), "w")).toThrow(
      'tensor "conv_stem.weight" is 40 × 3 × 3 × 3, not 32 × 3 × 3 × 3'
    );
  });

  /** A file in timm's layout, with a classifier, each tensor filled by its layer's number. */
  function timmFile(): Map<string, Tensor> {
    const file = new Map<string, Tensor>();
    efficientNetLite0().forEach(({inChannels, outChannels, kernel, groups}, index) => {
      const {convolution, normalisation} = names[index];
      const put = (name: string, shape: number[], value: number) =>
        file.set(name, {shape, values: new Float32Array(shape.reduce((a, b) => a * b)).fill(value)});
      put(`${convolution}.weight`, [outChannels, inChannels / groups, kernel, kernel], index + 0.1);
      put(`${normalisation}.weight`, [outChannels], index + 0.2);
      put(`${normalisation}.bias`, [outChannels], index + 0.3);
      put(`${normalisation}.running_mean`, [outChannels], index + 0.4);
      put(`${normalisation}.running_var`, [outChannels], index + 0.5);
    });
    file.set("classifier.weight", {shape: [1, 1280], values: new Float32Array(1280)});
    return file;
  }
});

/** A safetensors file of any header. */
function handmade(header: unknown, values: DataView = new DataView(new ArrayBuffer(1))): Uint8Array {
  const text = new TextEncoder().encode(JSON.stringify(header));
  const bytes = new Uint8Array(8 + text.length + values.byteLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(text.length), true);
  bytes.set(text, 8);
  bytes.set(new Uint8Array(values.buffer), 8 + text.length);
  return bytes;
}
