import type {PredictWorker} from "../../inference/predictInWorker.js";
import type {ProviderChoice} from "../../inference/providers.js";
import type {PublishedNetworks} from "../../inference/publishedNetworks.js";
import type {NetworkFacts} from "../../inference/requests.js";
import {element} from "../element.js";
import {remarkList} from "../remarkList.js";
import type {Models} from "./predictPage.js";

/** Fetches and opens the networks, tells the reader on what they run, and gives those that do. */
export async function openNetworks(
  networks: PublishedNetworks,
  models: Models,
  worker: PredictWorker,
  status: HTMLElement,
  provider: ProviderChoice
): Promise<NetworkFacts[]> {
  const begun = performance.now();
  const opened: NetworkFacts[] = [];
  const problems: string[] = [];
  for (const network of networks) {
    const {modality} = network;
    const name = modality.toUpperCase();
    status.textContent = `Fetching and checking the ${name} network …`;
    try {
      opened.push(await worker.ask("open", {network, model: await models[modality](), provider}));
    } catch (error) {
      problems.push(error instanceof Error ? error.message : String(error));
    }
  }
  const seconds = ((performance.now() - begun) / 1000).toFixed(1);
  const notes = [...new Set(opened.flatMap(({note, refused}) => [...(note ? [note] : []), ...refused]))];
  status.textContent = opened.length > 0 ? `Ready after ${seconds} s: nothing more is fetched.` : "";
  status.after(
    element("div", {class: "table-room"}, networkTable(opened)),
    remarkList(notes),
    ...problems.map((problem) => element("p", {class: "problem"}, problem))
  );
  return opened;
}

/** Where each network runs, and how near it comes here to what it answered when the site was built. */
function networkTable(opened: readonly NetworkFacts[]): HTMLElement {
  const head = ["Network", "Runs on", "Check image: difference from the build"];
  return element(
    "table",
    {class: "facts"},
    element("thead", {}, element("tr", {}, head.map((name) => element("th", {scope: "col"}, name)))), // prettier-ignore
    element(
      "tbody",
      {},
      opened.map(({modality, provider, difference}) =>
        element(
          "tr",
          {},
          element("th", {scope: "row"}, modality.toUpperCase()),
          element("td", {}, provider),
          element("td", {}, difference === 0 ? "none" : `${difference.toExponential(1)} SD`)
        )
      )
    )
  );
}
