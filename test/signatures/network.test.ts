import {fromBinary} from "@bufbuild/protobuf";
import {InferenceSession, Tensor} from "onnxruntime-node";
import {ModelProtoSchema} from "onnx-buf";
import {beforeAll, describe, expect, it} from "vitest";
import {rawRisk} from "../../data-loaders/signatures/coxHead.js";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import {efficientNetLite0, kernelSize, parameterCount} from "../../data-loaders/signatures/efficientNetLite0.js";
import {
  metadataProperties,
  type ModelMetadata,
  readModelMetadata
} from "../../data-loaders/signatures/modelMetadata.js";
import {type FoldedConv, type Head, networkOnnx} from "../../data-loaders/signatures/networkGraph.js";
import {onnxGraph} from "../../data-loaders/signatures/onnxGraph.js";
import {randomBackbone} from "../../data-loaders/signatures/randomBackbone.js";
import {lesionTextures} from "./lesionTextures.js";
import {findAdapter, webGpuSession} from "../../data-loaders/signatures/webgpuSession.js";
import {philox} from "../../src/numeric/random.js";
import {defaultPreprocessing} from "../../src/imaging/preprocessing.js";

const pixels = 64;
const head: Head = {weights: Float32Array.from({length: 1280}, (_, k) => Math.sin(k)), bias: -0.5};
let backbone: readonly FoldedConv[];
let model: Uint8Array;

beforeAll(async () => {
  backbone = randomBackbone(7);
  model = networkOnnx(backbone, head, pixels);
});

describe("EfficientNet-lite0", () => {
  it("has the published number of parameters", () => {
    expect(parameterCount(1000)).toBe(4_652_008);
    expect(parameterCount(1)).toBe(3_372_289);
  });

  it("stores each of them: kernels whole, scale and shift folded to one bias", () => {
    const {graph} = fromBinary(ModelProtoSchema, model);
    const stored = graph!.initializer.reduce((sum, tensor) => sum + tensor.rawData!.length / 4, 0);
    const channels = efficientNetLite0().reduce((sum, layer) => sum + layer.outChannels, 0);
    // Two constants of ReLU6 besides.
    expect(stored - 2).toBe(parameterCount(1) - channels);
  });

  it("has stages of 1-2-2-3-3-4-1 blocks and five halvings", () => {
    const layers = efficientNetLite0();
    expect(layers).toHaveLength(49);
    const projections = layers.filter(({name}) => name.endsWith("_project")).map(({outChannels}) => outChannels);
    const repeated = [
      [16, 1],
      [24, 2],
      [40, 2],
      [80, 3],
      [112, 3],
      [192, 4],
      [320, 1]
    ];
    expect(projections).toEqual(repeated.flatMap(([channels, blocks]) => new Array<number>(blocks).fill(channels)));
    expect(layers.reduce((product, {stride}) => product * stride, 1)).toBe(32);
    expect(layers.filter(({addsBlockInput}) => addsBlockInput)).toHaveLength(9);
  });

  it("gives risk [n, 1] and embedding [n, 1280], risk being the head's sum", async () => {
    const session = await InferenceSession.create(model, {executionProviders: ["cpu"]});
    const input = lesionTextures(8, 3, pixels);
    const output = await session.run({input: new Tensor("float32", input, [3, 3, pixels, pixels])});
    expect(output.risk.dims).toEqual([3, 1]);
    expect(output.embedding.dims).toEqual([3, 1280]);
    const expected = rawRisk(output.embedding.data as Float32Array, head);
    (output.risk.data as Float32Array).forEach((risk, k) => expect(risk).toBeCloseTo(expected[k], 4));
  });

  it("runs an image alone as it runs it among others", async () => {
    const session = await cpuSession(model, pixels);
    const input = lesionTextures(9, 4, pixels);
    const together = await session.run(input, 4);
    const alone = await session.run(input.slice(3 * 3 * pixels ** 2), 1);
    expect(alone.risk[0]).toBeCloseTo(together.risk[3], 4);
  });

  it("carries metadata that reads back", () => {
    const metadata: ModelMetadata = {
      name: "n",
      training: "t",
      trained: false,
      preprocessing: defaultPreprocessing("ct", pixels),
      signature: {variable: "ct_signature", mean: 1 / 3, sd: 2},
      head: {endpoint: "os", n: 10, events: 5, penalty: 1280, ties: "breslow", seed: 1}
    };
    const described = networkOnnx(backbone, head, pixels, metadataProperties(metadata));
    expect(readModelMetadata(described)).toEqual(metadata);
    expect(() => readModelMetadata(model)).toThrow(/no metadata property stratum\.name/);
  });
});

describe("randomBackbone", () => {
  it("is the same for one seed and another for another", () => {
    const [again, other] = [randomBackbone(7), randomBackbone(8)];
    const bytes = Buffer.from(model);
    expect(Buffer.compare(bytes, networkOnnx(again, head, pixels))).toBe(0);
    expect(other[0].kernel).not.toEqual(backbone[0].kernel);
  });

  it("neither lets the signal die nor blow up", async () => {
    const n = 32;
    const {embedding} = await (await cpuSession(model, pixels)).run(lesionTextures(10, n, pixels), n);
    const spread = Array.from({length: 1280}, (_, j) => {
      const values = Array.from({length: n}, (__, i) => embedding[i * 1280 + j]);
      const mean = values.reduce((sum, value) => sum + value, 0) / n;
      return {mean, sd: Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / n)};
    });
    const alive = spread.filter(({mean, sd}) => sd > 1e-3 * mean && mean > 1e-3);
    expect(alive.length).toBeGreaterThan(0.9 * 1280);
    expect(spread.filter(({mean}) => mean > 3)).toHaveLength(0);
  });
});

describe("a convolution of the graph", () => {
  const layers = efficientNetLite0().filter(({name}) => ["stem", "stage1_block1_depthwise"].includes(name));
  const deep = efficientNetLite0().find(({name}) => name === "stage3_block1_depthwise")!;

  it.each([...layers, deep])("equals a plain loop: $name", async (layer) => {
    const {inChannels, outChannels, kernel: size, stride, groups} = layer;
    const side = 9;
    const random = philox(1);
    const kernel = Float32Array.from({length: kernelSize(layer)}, () => random.normal());
    const input = Float32Array.from({length: inChannels * side * side}, () => random.normal());
    const graph = onnxGraph();
    const padding = (size - 1) / 2;
    const stored = graph.weights("k", [outChannels, inChannels / groups, size, size], kernel);
    graph.node("Conv", ["input", stored], "output", {
      ints: {kernel_shape: [size, size], strides: [stride, stride], pads: [padding, padding, padding, padding]},
      int: {group: groups}
    });
    const outSide = Math.floor((side - 1) / stride) + 1;
    const bytes = graph.write({
      name: "one",
      inputs: {input: [1, inChannels, side, side]},
      outputs: {output: [1, outChannels, outSide, outSide]}
    });
    const session = await InferenceSession.create(bytes);
    const {output} = await session.run({input: new Tensor("float32", input, [1, inChannels, side, side])});
    const actual = output.data as Float32Array;
    const perGroup = inChannels / groups;
    for (let o = 0; o < outChannels; o += 5)
      for (let y = 0; y < outSide; y++)
        for (let x = 0; x < outSide; x++) {
          let sum = 0;
          for (let c = 0; c < perGroup; c++)
            for (let v = 0; v < size; v++)
              for (let u = 0; u < size; u++) {
                const [row, column] = [y * stride + v - padding, x * stride + u - padding];
                if (row < 0 || column < 0 || row >= side || column >= side) continue;
                const channel = Math.floor(o / (outChannels / groups)) * perGroup + c;
                sum +=
                  input[(channel * side + row) * side + column] * kernel[((o * perGroup + c) * size + v) * size + u];
              }
          expect(actual[(o * outSide + y) * outSide + x]).toBeCloseTo(sum, 4);
        }
  });
});

describe("WebGPU", () => {
  it("gives what the CPU gives where there is an adapter, in a process of its own", async () => {
    const adapter = await findAdapter();
    if (!adapter) return expect(adapter).toBeNull();
    const input = lesionTextures(11, 2, pixels);
    const onCpu = await (await cpuSession(model, pixels)).run(input, 2);
    const session = await webGpuSession(model, pixels, adapter);
    const onGpu = await session.run(input, 2);
    await session.close();
    onGpu.risk.forEach((risk, k) => expect(Math.abs(risk - onCpu.risk[k])).toBeLessThan(1e-3));
    onGpu.embedding.forEach((v, k) => Math.abs(v - onCpu.embedding[k]) < 1e-3 || expect.fail(`feature ${k}`));
  }, 180_000);

  it("survives a model that the child cannot open and one that never answers", async () => {
    const adapter = {name: "none", fallback: true, environment: {}};
    await expect(webGpuSession(new Uint8Array(10), pixels, adapter)).rejects.toThrow(/^WebGPU failed: /);
    await expect(webGpuSession(model, pixels, adapter, 0.001)).rejects.toThrow(/did not answer within 0\.001 s/);
  });
});
