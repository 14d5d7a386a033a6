import {element} from "./element.js";
import {keyTable} from "./signatureFacts.js";

/** Versions of the software the site was built with, which the build writes into every page's head. */
export function softwareTable(): HTMLElement {
  const source = document.querySelector("#stratum-software")?.textContent;
  if (!source) return element("p", {}, "This page was not made by a build, so it cannot say which versions made it.");
  return keyTable(Object.entries(JSON.parse(source) as Record<string, string>));
}
