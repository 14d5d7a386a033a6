import {create, toBinary} from "@bufbuild/protobuf";
import {
  type AttributeProto,
  AttributeProto_AttributeType as AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  type NodeProto,
  NodeProtoSchema,
  StringStringEntryProtoSchema,
  type TensorProto,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
  type ValueInfoProto,
  ValueInfoProtoSchema
} from "onnx-buf";
import {toHalf} from "./halfPrecision.js";

/** Opset 17 runs on onnxruntime's CPU, WebGPU and wasm providers alike. */
const opset = 17n;
const irVersion = 8n;

/** A dimension: a number, or the name of one left open. */
export type Dimension = number | string;

/** Attributes are given by kind, since a whole float and an integer look alike in JavaScript. */
export interface Attributes {
  readonly ints?: Readonly<Record<string, readonly number[]>>;
  readonly int?: Readonly<Record<string, number>>;
}

/** Collects nodes and weights, then writes them as one ONNX file. */
export interface OnnxGraph {
  /** Stores float32 weights and returns their name. */
  readonly weights: (name: string, dims: readonly number[], values: Float32Array) => string;
  /** Stores weights in half precision, cast to float32 when the model is opened, and returns the name of the cast. */
  readonly halfWeights: (name: string, dims: readonly number[], values: Float32Array) => string;
  /** Stores int64 values (shapes, axes) and returns their name. */
  readonly integers: (name: string, values: readonly number[]) => string;
  /** Adds a node with one output and returns the output's name. */
  readonly node: (operator: string, inputs: readonly string[], output: string, attributes?: Attributes) => string;
  /** The model's bytes; equal graphs give equal bytes. */
  readonly write: (description: {
    readonly name: string;
    readonly inputs: Readonly<Record<string, readonly Dimension[]>>;
    readonly outputs: Readonly<Record<string, readonly Dimension[]>>;
    readonly metadata?: Readonly<Record<string, string>>;
  }) => Uint8Array;
}

/** An empty graph. */
export function onnxGraph(): OnnxGraph {
  const nodes: NodeProto[] = [];
  const initializers: TensorProto[] = [];
  return {
    weights(name, dims, values) {
      const rawData = littleEndian(values);
      initializers.push(create(TensorProtoSchema, {name, dims: dims.map(BigInt), dataType: DataType.FLOAT, rawData}));
      return name;
    },
    halfWeights(name, dims, values) {
      const stored = `${name}_half`;
      const rawData = halves(values);
      const proto = {name: stored, dims: dims.map(BigInt), dataType: DataType.FLOAT16, rawData};
      initializers.push(create(TensorProtoSchema, proto));
      const attribute = attributeProtos({int: {to: DataType.FLOAT}});
      nodes.push(create(NodeProtoSchema, {opType: "Cast", input: [stored], output: [name], name, attribute}));
      return name;
    },
    integers(name, values) {
      const int64Data = values.map(BigInt);
      const dims = [BigInt(values.length)];
      initializers.push(create(TensorProtoSchema, {name, dims, dataType: DataType.INT64, int64Data}));
      return name;
    },
    node(operator, inputs, output, attributes = {}) {
      const attribute = attributeProtos(attributes);
      nodes.push(
        create(NodeProtoSchema, {opType: operator, input: [...inputs], output: [output], name: output, attribute})
      );
      return output;
    },
    write({name, inputs, outputs, metadata = {}}) {
      const model = create(ModelProtoSchema, {
        irVersion,
        producerName: "stratum",
        opsetImport: [{domain: "", version: opset}],
        metadataProps: Object.entries(metadata).map(([key, value]) =>
          create(StringStringEntryProtoSchema, {key, value})
        ),
        graph: {
          name,
          node: nodes,
          initializer: initializers,
          input: Object.entries(inputs).map(([input, dims]) => valueInfo(input, dims)),
          output: Object.entries(outputs).map(([output, dims]) => valueInfo(output, dims))
        }
      });
      return toBinary(ModelProtoSchema, model);
    }
  };
}

function attributeProtos({ints = {}, int = {}}: Attributes): AttributeProto[] {
  return [
    ...Object.entries(ints).map(([name, values]) =>
      create(AttributeProtoSchema, {name, type: AttributeType.INTS, ints: values.map(BigInt)})
    ),
    ...Object.entries(int).map(([name, value]) =>
      create(AttributeProtoSchema, {name, type: AttributeType.INT, i: BigInt(value)})
    )
  ];
}

/** ONNX stores raw weights little-endian, whatever the machine. */
function littleEndian(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 4);
  const view = new DataView(bytes.buffer);
  values.forEach((value, k) => view.setFloat32(4 * k, value, true));
  return bytes;
}

function halves(values: Float32Array): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(values.length * 2);
  const view = new DataView(bytes.buffer);
  values.forEach((value, k) => view.setUint16(2 * k, toHalf(value), true));
  return bytes;
}

function valueInfo(name: string, dims: readonly Dimension[]): ValueInfoProto {
  const dim = dims.map((length) =>
    typeof length === "string"
      ? {value: {case: "dimParam" as const, value: length}}
      : {value: {case: "dimValue" as const, value: BigInt(length)}}
  );
  return create(ValueInfoProtoSchema, {
    name,
    type: {value: {case: "tensorType", value: {elemType: DataType.FLOAT, shape: {dim}}}}
  });
}
