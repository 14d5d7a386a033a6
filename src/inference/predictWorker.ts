import {type CheckedNetwork, checkedNetwork} from "./network.js";
import {type Modality, newPatient} from "./patient.js";
import {browserProviders, type ProviderChoice, type Providers} from "./providers.js";
import type {PublishedNetwork} from "./publishedNetworks.js";
import {readFiles} from "./readFile.js";
import type {DroppedImage, Message, NetworkFacts, Reply} from "./requests.js";

/** The other side of `predictInWorker`: reads, crops and predicts, one request after another, so that the page stays alive. */
const patient = newPatient();
const networks = new Map<Modality, CheckedNetwork>();
let providers: Promise<Providers> | null = null;

async function open(network: PublishedNetwork, model: ArrayBuffer, choice: ProviderChoice): Promise<NetworkFacts> {
  const {modality} = network;
  const {providers: found, note} = await (providers ??= browserProviders(choice));
  const checked = await checkedNetwork(network, new Uint8Array(model), found);
  networks.set(modality, checked);
  return {modality, provider: checked.provider.name, difference: checked.difference, refused: checked.refused, note};
}

async function load(modality: Modality, {name, files, sidecar}: DroppedImage) {
  return patient.load(modality, {
    name,
    files: await readFiles(files, name),
    sidecar: sidecar && (await readFiles([sidecar], sidecar.name))[0],
    weightKg: null
  });
}

function networkOf(modality: Modality): CheckedNetwork {
  const network = networks.get(modality);
  if (network) return network;
  throw new Error(`There is no network for ${modality.toUpperCase()} that runs here.`);
}

async function answer(message: Message): Promise<unknown> {
  const {ask} = message;
  switch (message.name) {
    case "open":
      return open(message.ask.network, message.ask.model, message.ask.provider);
    case "load":
      return load(message.ask.modality, message.ask.image);
    case "mask":
      return patient.mask((await readFiles([message.ask.file], message.ask.file.name))[0], message.ask.roi);
    case "grow":
      return patient.grow(message.ask);
    case "slice":
      return patient.slice(message.ask.modality, message.ask.slice);
    case "predict":
      return patient.predict(message.ask.modality, networkOf(message.ask.modality));
    case "forget":
      patient.forget(message.ask);
      return null;
    default:
      throw new Error(`Nothing answers to ${JSON.stringify(ask)}.`);
  }
}

let last: Promise<void> = Promise.resolve();

self.onmessage = ({data}: MessageEvent<Message>) => {
  last = last.then(async () => {
    let reply: Reply;
    try {
      reply = {id: data.id, answer: await answer(data)};
    } catch (error) {
      reply = {id: data.id, problem: sentence(error)};
    }
    self.postMessage(reply);
  });
};

/** What could not be done, for the reader. A browser that gives no more memory says so in words of its own. */
function sentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  if (/allocation failed|out of memory/i.test(text)) {
    return "The browser has not enough memory for this image; close other pages, or crop the volume.";
  }
  return text;
}
