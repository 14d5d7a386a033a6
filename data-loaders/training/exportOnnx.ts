import {cpuSession} from "../signatures/cpuSession.js";
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
export async function onnxRisk(model: Uint8Array, {pixels, n, side}: Images): Promise<Float64Array> {
  const session = await cpuSession(model, side);
  const size = 3 * side * side;
  const risks = new Float64Array(n);
  try {
    for (let first = 0; first < n; first += 16) {
      const rows = Math.min(16, n - first);
      const {risk} = await session.run(pixels.slice(first * size, (first + rows) * size), rows);
      risks.set(risk, first);
    }
  } finally {
    await session.close();
  }
  return risks;
}
