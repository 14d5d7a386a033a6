import {cpuSession, type NetworkOutput} from "../signatures/cpuSession.js";
import {embeddingSize} from "../signatures/efficientNetLite0.js";
import {metadataProperties, type ModelMetadata} from "../signatures/modelMetadata.js";
import {networkOnnx, type Precision} from "../signatures/networkGraph.js";
import {foldBatchNorm} from "./foldBatchNorm.js";
import type {Images} from "./forwardPass.js";
import type {Network} from "./network.js";

/** A network as an ONNX file. */
export interface ExportedModel {
  readonly bytes: Uint8Array;
  readonly precision: Precision;
  /** Largest change of the signature by storing kernels in half precision, in SD. */
  readonly halfMoves: number;
}

/** Half precision is taken if no patient's signature moves by as much as this, in SD. */
const largestMove = 1e-3;

/**
 * Writes a network of one output, batch normalisation folded; kernels in half precision where that does not show.
 *
 * @param images - on which half and full precision are compared
 */
export async function exportOnnx(
  network: Network<Float32Array>,
  metadata: ModelMetadata,
  images: Images
): Promise<ExportedModel> {
  const write = (precision: Precision) => onnxOf(network, images.side, metadataProperties(metadata), precision);
  const [full, half] = [write("float32"), write("half")];
  const [before, after] = [await onnxRisk(full, images), await onnxRisk(half, images)];
  const moves = before.map((risk, k) => Math.abs(risk - after[k]) / metadata.signature.sd);
  const halfMoves = moves.reduce((most, move) => Math.max(most, move), 0);
  return halfMoves < largestMove
    ? {bytes: half, precision: "half", halfMoves}
    : {bytes: full, precision: "float32", halfMoves};
}

/** The ONNX file of a network of one output. */
export function onnxOf(
  network: Network<Float32Array>,
  side: number,
  properties: Readonly<Record<string, string>> = {},
  precision: Precision = "float32"
): Uint8Array {
  const {weights, bias} = network.parameters;
  return networkOnnx(foldBatchNorm(network), {weights, bias: bias[0]}, side, properties, precision);
}

/** The risk of each image, by onnxruntime on the CPU. */
export async function onnxRisk(model: Uint8Array, images: Images): Promise<Float64Array> {
  const risks = new Float64Array(images.n);
  await inBatches(model, images, ({risk}, first) => risks.set(risk, first));
  return risks;
}

/** The embedding of each image (n × 1280) by a network in training, whatever its last layer, by onnxruntime on the CPU. */
export async function onnxEmbedding(network: Network<Float32Array>, images: Images): Promise<Float32Array> {
  const plain = {weights: new Float32Array(embeddingSize), bias: new Float32Array(1)};
  const model = onnxOf({...network, parameters: {...network.parameters, ...plain}}, images.side);
  const embeddings = new Float32Array(images.n * embeddingSize);
  await inBatches(model, images, ({embedding}, first) => embeddings.set(embedding, first * embeddingSize));
  return embeddings;
}

async function inBatches(
  model: Uint8Array,
  {pixels, n, side}: Images,
  take: (output: NetworkOutput, first: number) => void
): Promise<void> {
  const session = await cpuSession(model, side);
  const size = 3 * side * side;
  try {
    for (let first = 0; first < n; first += 16) {
      const rows = Math.min(16, n - first);
      take(await session.run(pixels.slice(first * size, (first + rows) * size), rows), first);
    }
  } finally {
    await session.close();
  }
}
