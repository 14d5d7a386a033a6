import {element} from "../element.js";
import type {GreyWindow} from "./slicePicture.js";

/** Windows readers know, the network's own first. */
export const greyWindows: Readonly<Record<"pet" | "ct", readonly (GreyWindow & {readonly name: string})[]>> = {
  pet: [
    {name: "SUV 0–20, the network's", low: 0, high: 20},
    {name: "SUV 0–10", low: 0, high: 10},
    {name: "SUV 0–5", low: 0, high: 5}
  ],
  ct: [
    {name: "soft tissue, the network's: −160 to 240 HU", low: -160, high: 240},
    {name: "brain: 0 to 80 HU", low: 0, high: 80},
    {name: "bone: −500 to 1300 HU", low: -500, high: 1300}
  ]
};

const OWN = "own";

/**
 * Between which values grey runs: a choice of usual windows, or two numbers. A window upside down or of no width is not taken.
 *
 * @param network - between these the network sees shades; it stands for the first of the usual windows
 * @param present - the one to begin with; default: the network's
 */
export function windowControls(
  modality: "pet" | "ct",
  network: readonly [number, number],
  change: (window: GreyWindow) => void,
  present: GreyWindow = {low: network[0], high: network[1]}
): HTMLElement {
  const [own, ...usual] = greyWindows[modality];
  const windows = [{...own, low: network[0], high: network[1]}, ...usual];
  const unit = modality === "pet" ? "SUV" : "HU";
  const limit = (end: "from" | "to", value: number) =>
    element("input", {
      type: "number",
      name: `${modality}-${end}`,
      step: modality === "pet" ? 0.5 : 10,
      value,
      oninput: () => {
        choice.value = OWN;
        tell();
      }
    });
  const low = limit("from", present.low);
  const high = limit("to", present.high);
  const problem = element("span", {class: "note-line", role: "status"});
  const tell = () => {
    const window = {low: low.valueAsNumber, high: high.valueAsNumber};
    const usable = window.low < window.high;
    problem.textContent = usable ? "" : "The first value must be below the second.";
    if (usable) change(window);
  };
  const choice = element(
    "select",
    {
      name: `${modality}-window`,
      onchange: () => {
        const chosen = windows[Number(choice.value)];
        if (!chosen) return;
        low.value = String(chosen.low);
        high.value = String(chosen.high);
        tell();
      }
    },
    windows.map(({name}, k) => element("option", {value: k}, name)),
    element("option", {value: OWN}, "own")
  );
  const known = windows.findIndex((window) => window.low === present.low && window.high === present.high);
  choice.value = known < 0 ? OWN : String(known);
  return element(
    "div",
    {class: "row-controls"},
    element("label", {}, element("span", {}, "Window"), choice),
    element("label", {}, element("span", {}, `${unit} from`), low),
    element("label", {}, element("span", {}, "to"), high),
    problem
  );
}
