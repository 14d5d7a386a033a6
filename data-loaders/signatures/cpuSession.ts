import {InferenceSession, Tensor, env} from "onnxruntime-node";

/** The network's outputs for n images. */
export interface NetworkOutput {
  /** Length n. */
  readonly risk: Float32Array;
  /** n × 1280. */
  readonly embedding: Float32Array;
}

/** A loaded network on one provider. */
export interface NetworkSession {
  /** @param input - n × 3 × pixels × pixels */
  readonly run: (input: Float32Array, n: number) => Promise<NetworkOutput>;
  readonly close: () => Promise<void>;
}

/** Name and version of the runtime, as recorded with every signature. */
export const runtime = `onnxruntime-node ${env.versions.node ?? env.versions.common}`;

/**
 * Opens the network on onnxruntime's CPU provider. Its threads sleep while they wait for each other: spinning, as they do by
 * default, takes half as much again of the processor wherever something else runs beside the build.
 */
export async function cpuSession(model: Uint8Array, pixels: number): Promise<NetworkSession> {
  const session = await InferenceSession.create(model, {
    executionProviders: ["cpu"],
    extra: {session: {intra_op: {allow_spinning: "0"}}}
  });
  return networkSession(session, pixels);
}

/** Wraps an onnxruntime session that has the network's input and outputs. */
export function networkSession(session: InferenceSession, pixels: number): NetworkSession {
  return {
    async run(input, n) {
      const output = await session.run({input: new Tensor("float32", input, [n, 3, pixels, pixels])});
      // Copies: the runtime owns the memory behind its tensors.
      return {
        risk: Float32Array.from(floats(output["risk"])),
        embedding: Float32Array.from(floats(output["embedding"]))
      };
    },
    close: () => session.release()
  };
}

function floats(tensor: InferenceSession.OnnxValueMapType[string]): Float32Array {
  return (tensor as Tensor).data as Float32Array;
}
