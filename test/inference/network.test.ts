import {readFileSync} from "node:fs";
import {InferenceSession, Tensor} from "onnxruntime-node";
import {describe, expect, it} from "vitest";
import {root} from "../../data-loaders/pipeline/project.js";
import {cpuSession} from "../../data-loaders/signatures/cpuSession.js";
import {readModelMetadata} from "../../data-loaders/signatures/modelMetadata.js";
import {checkDifference, checkImages, checkInput} from "../../src/inference/checkVector.js";
import {checkedNetwork, type Provider, type Session} from "../../src/inference/network.js";
import {type PublishedNetwork, signatureOf} from "../../src/inference/publishedNetworks.js";

const model = new Uint8Array(readFileSync(`${root}/models/pet.onnx`));
const {preprocessing, signature} = readModelMetadata(model);

async function published(): Promise<PublishedNetwork> {
  const session = await cpuSession(model, preprocessing.inputPixels);
  const {risk} = await session.run(checkInput(preprocessing.inputPixels), checkImages);
  await session.close();
  const record = JSON.stringify(preprocessing);
  return {modality: "pet", sha256: "", preprocessing: record, check: [...risk], ...signature};
}

/** onnxruntime-node in the browser's place, its risks moved by so many SD as a faulty driver would. */
function provider(id: "webgpu" | "wasm", off: number, closed: string[] = []): Provider {
  const open = async (bytes: Uint8Array): Promise<Session> => {
    const session = await InferenceSession.create(bytes);
    const run = async (...[feeds]: Parameters<InferenceSession["run"]>) => {
      const {risk} = await session.run(feeds);
      return {
        risk: new Tensor(
          "float32",
          (risk.data as Float32Array).map((r) => r + off * signature.sd),
          risk.dims
        )
      };
    };
    const release = async () => void closed.push(id);
    const {inputNames, outputNames} = session;
    return {
      session: {inputNames, outputNames, run, release} as unknown as Session["session"],
      tensor: (data, dims) => new Tensor("float32", data, dims) as unknown as ReturnType<Session["tensor"]>
    };
  };
  return {id, name: id, open};
}

describe("checkedNetwork", () => {
  it("takes the first provider that gives the loader's answers", async () => {
    const network = await checkedNetwork(await published(), model, [provider("webgpu", 0), provider("wasm", 0)]);
    expect([network.provider.id, network.refused]).toEqual(["webgpu", []]);
    expect(network.difference).toBeLessThan(1e-6);
  });

  it("passes over a provider that is off by more than 1e-4 SD, closes it and says so", async () => {
    const closed: string[] = [];
    const off = [provider("webgpu", 2e-4, closed), provider("wasm", 5e-5, closed)];
    const network = await checkedNetwork(await published(), model, off);
    expect(network.provider.id).toBe("wasm");
    expect(network.refused.join()).toMatch(/^webgpu is not used: it answers the check image 0\.0002\d* SD off/);
    expect(closed).toEqual(["webgpu"]);
    const image = checkInput(preprocessing.inputPixels).subarray(0, 3 * preprocessing.inputPixels ** 2);
    const {check} = network.published;
    const found = signatureOf(await network.risk(image), network.published);
    expect(found - signatureOf(check[0], network.published)).toBeCloseTo(5e-5, 6);
  });

  it("runs nothing where none is right, where answers are no numbers, or where the model is something else", async () => {
    const known = await published();
    await expect(checkedNetwork(known, model, [provider("webgpu", 1), provider("wasm", NaN)])).rejects.toThrow(
      /The PET network cannot be run here\. webgpu is not used.*wasm is not used/
    );
    await expect(checkedNetwork(known, model.subarray(0, 5000), [provider("wasm", 0)])).rejects.toThrow(
      /wasm is not used/
    );
    const other = {...known, preprocessing: JSON.stringify({...preprocessing, version: 2})};
    await expect(checkedNetwork(other, model, [provider("wasm", 0)])).rejects.toThrow(/not one this version/);
    const ofCt = {...known, modality: "ct" as const};
    await expect(checkedNetwork(ofCt, model, [provider("wasm", 0)])).rejects.toThrow(/was made for PET/);
    const larger = {...known, preprocessing: JSON.stringify({...preprocessing, inputPixels: 32})};
    await expect(checkedNetwork(larger, model, [provider("wasm", 0)])).rejects.toThrow(/cannot be run here/);
  });
});

describe("checkDifference", () => {
  it("is the largest in SD, and no number where an answer is none", () => {
    expect(checkDifference([1, 2.5], [1, 2], 2)).toBe(0.25);
    expect(checkDifference([NaN, 2], [1, 2], 2)).toBeNaN();
    expect(checkDifference([1], [1, 2], 2)).toBeNaN();
  });
});
