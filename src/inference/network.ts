import type {InferenceSession, Tensor} from "onnxruntime-web";
import {checkDifference, checkImages, checkInput, checkTolerance} from "./checkVector.js";
import {preprocessingOf, type PublishedNetwork} from "./publishedNetworks.js";

/** Where a network can run on the reader's device. */
export interface Provider {
  readonly id: "webgpu" | "wasm";
  /** For the reader, e.g. "WebGPU (nvidia, hopper)". */
  readonly name: string;
  readonly open: (model: Uint8Array) => Promise<Session>;
}

/** A network opened by one of onnxruntime's packages. */
export interface Session {
  readonly session: Pick<InferenceSession, "inputNames" | "outputNames" | "run" | "release">;
  readonly tensor: (data: Float32Array, dims: readonly number[]) => Tensor;
}

/** A network that has passed its check on this device. */
export interface CheckedNetwork {
  readonly published: PublishedNetwork;
  readonly provider: Provider;
  /** Between this device's answers to the check and the loader's, in SD. */
  readonly difference: number;
  /** Providers that were passed over, and why: a sentence each. */
  readonly refused: readonly string[];
  /** @param input - 3 × pixels × pixels @returns the risk, not standardised */
  readonly risk: (input: Float32Array) => Promise<number>;
  readonly close: () => Promise<void>;
}

/**
 * Opens a network with the first provider that gives the loader's answers to the check images, within 1e-4 SD. A graphics
 * driver that computes something else is not used.
 *
 * @throws {RangeError} when the record of how its images are prepared is not known
 * @throws {Error} when no provider gives the right answers: a sentence with each one's reason
 */
export async function checkedNetwork(
  published: PublishedNetwork,
  model: Uint8Array,
  providers: readonly Provider[]
): Promise<CheckedNetwork> {
  const {inputPixels} = preprocessingOf(published);
  const refused: string[] = [];
  for (const provider of providers) {
    let opened: Session | null = null;
    try {
      opened = await provider.open(model);
      requireShape(opened, published.modality);
      const answers = await risks(opened, checkInput(inputPixels), checkImages, inputPixels);
      const difference = checkDifference(answers, published.check, published.sd);
      if (difference <= checkTolerance) return checked(published, provider, opened, difference, refused);
      refused.push(
        `${provider.name} is not used: it answers the check image ${difference.toPrecision(2)} SD off the known answer.`
      );
    } catch (error) {
      refused.push(`${provider.name} is not used: ${withoutStop(error)}.`);
    }
    await opened?.session.release();
  }
  throw new Error(`The ${published.modality.toUpperCase()} network cannot be run here. ${refused.join(" ")}`);
}

function checked(
  published: PublishedNetwork,
  provider: Provider,
  opened: Session,
  difference: number,
  refused: readonly string[]
): CheckedNetwork {
  const {inputPixels} = preprocessingOf(published);
  return {
    published,
    provider,
    difference,
    refused,
    risk: async (input) => {
      const [risk] = await risks(opened, input, 1, inputPixels);
      if (Number.isFinite(risk)) return risk;
      throw new Error(`The network answered with no number on ${provider.name}; reload the page to try again.`);
    },
    close: () => opened.session.release()
  };
}

async function risks({session, tensor}: Session, input: Float32Array, n: number, pixels: number) {
  const {risk} = await session.run({input: tensor(input, [n, 3, pixels, pixels])}, ["risk"]);
  return risk.data as Float32Array;
}

function requireShape({session}: Session, modality: string): void {
  const names = `input ${session.inputNames.join(", ")}, output ${session.outputNames.join(", ")}`;
  if (session.inputNames.join() === "input" && session.outputNames.includes("risk")) return;
  throw new Error(
    `${modality}.onnx has ${names} where input "input" and output "risk" are needed; build the site anew`
  );
}

function withoutStop(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.replace(/\s+/g, " ").replace(/\.$/, "");
}
