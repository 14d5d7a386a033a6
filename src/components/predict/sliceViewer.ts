import type {ImageFacts, Slice} from "../../inference/patient.js";
import {element} from "../element.js";
import {drawCrosshair, drawSlice, type Pixel} from "./drawSlice.js";

export interface SliceViewer {
  readonly element: HTMLElement;
  /** Shows a slice, counted from the feet from 0; the same again when the mask has changed. */
  show(slice?: number): Promise<void>;
}

/** Half the widths readers begin with: SUV 0–10, a neck's soft tissue. */
const windows = {pet: [0, 10], ct: [-160, 240]} as const;

/** Canvas pixels per slice: enough for a sharp outline. */
const CANVAS = 512;

/**
 * Axial slices of an image with the tumour's outline, a slider, and the window between which grey runs.
 *
 * @param onPick - given where a click (or Enter at the crosshair) chooses a pixel
 */
export function sliceViewer(
  facts: ImageFacts,
  read: (slice: number) => Promise<Slice>,
  onPick: ((at: {column: number; row: number; slice: number}) => void) | null
): SliceViewer {
  const {modality, columns, rows, slices, columnMm, rowMm} = facts;
  const name = modality.toUpperCase();
  const unit = modality === "pet" ? "SUV" : "HU";
  const scale = CANVAS / Math.max(columns * columnMm, rows * rowMm);
  let slice: Slice | null = null;
  let cross: Pixel | null = null;
  const canvas = element("canvas", {
    width: Math.round(columns * columnMm * scale),
    height: Math.round(rows * rowMm * scale),
    class: onPick ? "slice pickable" : "slice",
    role: onPick ? "application" : "img",
    tabindex: onPick ? 0 : null
  });
  const position = element("output", {});
  const slider = element("input", {
    type: "range",
    name: `${modality}-slice`,
    min: 1,
    max: slices,
    step: 1,
    oninput: () => void show(slider.valueAsNumber - 1)
  });
  slider.value = String(Math.ceil(slices / 2));
  const limit = (end: "from" | "to", value: number) =>
    element("input", {
      type: "number",
      name: `${modality}-${end}`,
      step: modality === "pet" ? 0.5 : 10,
      value,
      oninput: () => paint()
    });
  const low = limit("from", windows[modality][0]);
  const high = limit("to", windows[modality][1]);

  const paint = () => {
    if (!slice) return;
    drawSlice(canvas, slice, low.valueAsNumber, high.valueAsNumber, modality === "pet");
    if (cross) drawCrosshair(canvas, slice, cross);
  };
  const show = async (wanted = slider.valueAsNumber - 1) => {
    slider.value = String(wanted + 1);
    const found = await read(wanted);
    // A slower answer to an earlier question.
    if (slider.valueAsNumber - 1 !== wanted) return;
    slice = found;
    const tumour = found.mask.includes(1) ? ", with the tumour outlined" : "";
    position.value = `${wanted + 1} of ${slices}`;
    const how = onPick ? " Arrow keys move the crosshair, Page Up and Down the slice, Enter grows the region." : "";
    canvas.setAttribute("aria-label", `${name}, slice ${wanted + 1} of ${slices} from the feet${tumour}.${how}`);
    paint();
  };
  const pick = (at: Pixel) => onPick?.({...at, slice: slider.valueAsNumber - 1});
  canvas.addEventListener("click", (event) => {
    cross = {
      column: Math.min(columns - 1, Math.floor((event.offsetX / canvas.clientWidth) * columns)),
      row: Math.min(rows - 1, Math.floor((event.offsetY / canvas.clientHeight) * rows))
    };
    paint();
    pick(cross);
  });
  canvas.addEventListener("keydown", (event) => {
    if (!onPick) return;
    const turn = {PageUp: 1, PageDown: -1}[event.key];
    const [right, down] = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key] ?? [0, 0]; // prettier-ignore
    const now = cross ?? {column: columns >> 1, row: rows >> 1};
    if (turn) void show(Math.min(slices - 1, Math.max(0, slider.valueAsNumber - 1 + turn)));
    else if (right || down) {
      const within = (value: number, size: number) => Math.min(size - 1, Math.max(0, value));
      cross = {column: within(now.column + right, columns), row: within(now.row + down, rows)};
      paint();
    } else if (event.key === "Enter") pick(now);
    else return;
    event.preventDefault();
  });
  return {
    element: element(
      "div",
      {class: "slice-viewer"},
      canvas,
      element("label", {}, element("span", {}, `${name} slice`), slider, position),
      element(
        "div",
        {class: "slice-window"},
        element("label", {}, element("span", {}, `${unit} at ${modality === "pet" ? "white" : "black"}`), low),
        element("label", {}, element("span", {}, `${unit} at ${modality === "pet" ? "black" : "white"}`), high)
      )
    ),
    show
  };
}
