import type {PredictWorker} from "../../inference/predictInWorker.js";
import type {PublishedNetworks} from "../../inference/publishedNetworks.js";
import type {NetworkFacts} from "../../inference/requests.js";
import {element} from "../element.js";
import type {Models} from "./predictPage.js";

/** Fetches and opens the networks, tells the reader on what they run, and gives those that do. */
export async function openNetworks(
  networks: PublishedNetworks,
  models: Models,
  worker: PredictWorker,
  status: HTMLElement
): Promise<NetworkFacts[]> {
  const begun = performance.now();
  const opened: NetworkFacts[] = [];
  const problems: string[] = [];
  for (const network of networks) {
    const {modality} = network;
    const name = modality.toUpperCase();
    status.textContent = `Fetching and checking the ${name} network …`;
    try {
      opened.push(await worker.ask("open", {network, model: await models[modality]()}));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const sentences = opened.map(networkWords);
  const notes = [...new Set(opened.flatMap(({note, refused}) => [...(note ? [note] : []), ...refused]))];
  status.replaceChildren(
    opened.length > 0
      ? `Ready after ${seconds} s; nothing more is fetched. ${sentences.join(" ")} ${notes.join(" ")}`
      : "",
    ...problems.map((problem) => element("span", {class: "problem"}, problem))
  );
  return opened;
}

function networkWords({modality, provider, difference}: NetworkFacts): string {
  const apart = difference === 0 ? "exactly" : `to ${difference.toPrecision(2)} SD`;
  return `The ${modality.toUpperCase()} network runs on ${provider} and answers the check image as it did when the site was built, ${apart}.`;
}
