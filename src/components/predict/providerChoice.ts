import {type ProviderChoice, providerChoices} from "../../inference/providers.js";
import {element} from "../element.js";

const labels: Readonly<Record<ProviderChoice, string>> = {
  auto: "the fastest that gives the right answers",
  webgpu: "WebGPU",
  wasm: "WebAssembly on the processor"
};

/** What the page's address asks for; what it cannot mean is as if it asked for nothing. */
export function providerAsked(query: string): ProviderChoice {
  const asked = new URLSearchParams(query).get("provider");
  return providerChoices.find((choice) => choice === asked) ?? "auto";
}

/** Lets the reader say where the networks run. The page is opened anew: nothing may be fetched once an image is there. */
export function providerChoice(): HTMLElement {
  const choose = element(
    "select",
    {
      name: "provider",
      onchange: () => {
        const address = new URL(location.href);
        if (choose.value === "auto") address.searchParams.delete("provider");
        else address.searchParams.set("provider", choose.value);
        location.assign(address);
      }
    },
    providerChoices.map((choice) => element("option", {value: choice}, labels[choice]))
  );
  choose.value = providerAsked(location.search);
  return element(
    "label",
    {class: "provider-choice"},
    element("span", {}, "Run the networks on (opens the page anew)"),
    choose
  );
}
