import type {PatientSlice, SlicesFacts} from "../../cohort/readSlices.js";
import {svgElement} from "../element.js";
import {palette} from "../palette.js";
import {influenceMap} from "./influenceMap.js";

/** Between which values grey runs. */
export interface GreyWindow {
  readonly low: number;
  readonly high: number;
}

/** Bright on both greys and on its halo. */
const OUTLINE = "#e8590c";

/** Side of the influence map in pixels: finer than its squares. */
const MAP = 64;

/** As opaque as the strongest influence gets, so that the image is seen beneath. */
const MOST_OPAQUE = 0.7;

/**
 * A slice with the outline of the tumour, as an SVG to stand in a figure. PET is dark for high, as it is read.
 *
 * @param part - "field": all that was kept, the network's square dashed; "square": what the network sees, with its influence
 */
export function slicePicture(
  slice: PatientSlice,
  facts: SlicesFacts,
  window: GreyWindow,
  part: "field" | "square"
): SVGSVGElement {
  const n = facts.pixels;
  // The field's side over the square's.
  const square = (n * slice.sideMm) / slice.fieldMm;
  const from = (n - square) / 2;
  const whole = part === "field";
  return svgElement(
    "svg",
    // The page lets pictures overflow; this one is cut at its own edge.
    {viewBox: whole ? `0 0 ${n} ${n}` : `${from} ${from} ${square} ${square}`, style: "overflow: hidden"},
    placed(greyImage(slice.values, n, window, facts.modality === "pet"), 0, n),
    whole
      ? svgElement("rect", {
          x: from,
          y: from,
          width: square,
          height: square,
          fill: "none",
          stroke: facts.modality === "pet" ? "#1864ab" : "#74c0fc",
          "stroke-width": 1.5,
          "stroke-dasharray": "5 4",
          "vector-effect": "non-scaling-stroke"
        })
      : placed(influenceImage(slice, facts), from, square),
    [
      {stroke: "#ffffff", width: 3.5},
      {stroke: OUTLINE, width: 1.8}
    ].map(({stroke, width}) =>
      svgElement("path", {
        d: maskOutline(slice.mask, n),
        fill: "none",
        stroke,
        "stroke-width": width,
        "vector-effect": "non-scaling-stroke"
      })
    )
  );
}

function placed(canvas: HTMLCanvasElement, at: number, side: number) {
  const href = canvas.toDataURL();
  return svgElement("image", {href, x: at, y: at, width: side, height: side, preserveAspectRatio: "none"});
}

/** The grey values on a canvas of one pixel each; clear outside the volume. */
export function greyImage(
  values: Float32Array,
  n: number,
  {low, high}: GreyWindow,
  inverted: boolean
): HTMLCanvasElement {
  const span = high > low ? high - low : 1;
  return painted(n, (at) => {
    const share = Math.min(1, Math.max(0, (values[at] - low) / span));
    const grey = 255 * (inverted ? 1 - share : share);
    return [grey, grey, grey, Number.isNaN(values[at]) ? 0 : 255];
  });
}

/** Opacity follows the influence, colour its sign: those of high and low risk. */
function influenceImage({influence}: PatientSlice, {occlusion, modality}: SlicesFacts): HTMLCanvasElement {
  const map = influenceMap(influence, occlusion, MAP);
  const most = largest(influence);
  const [raises, lowers] = influenceTones(modality).map(rgbOf);
  return painted(MAP, (at) => {
    const share = most > 0 ? map[at] / most : 0;
    return [...(share > 0 ? raises : lowers), 255 * MOST_OPAQUE * Math.abs(share)];
  });
}

/** Of what raises and of what lowers the risk: dark tones on PET's white ground, bright ones on CT. */
export function influenceTones(modality: "pet" | "ct"): readonly [string, string] {
  const ground = modality === "pet" ? "light" : "dark";
  return [palette["--tone-high"][ground], palette["--tone-low"][ground]];
}

export const largest = (influence: Float32Array): number =>
  influence.reduce((most, v) => Math.max(most, Math.abs(v)), 0);

const rgbOf = (hex: string) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));

function painted(n: number, colour: (at: number) => readonly number[]): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = n;
  canvas.height = n;
  const image = new ImageData(n, n);
  for (let at = 0; at < n * n; at++) image.data.set(colour(at), 4 * at);
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas;
}

/** The edges between tumour and not, as an SVG path in pixels. @param mask - n × n of 0 and 1 */
export function maskOutline(mask: Uint8Array, n: number): string {
  const inside = (x: number, y: number) => x >= 0 && y >= 0 && x < n && y < n && mask[y * n + x] === 1;
  const edges: string[] = [];
  for (let y = 0; y <= n; y++)
    for (let x = 0; x <= n; x++) {
      if (inside(x, y) !== inside(x - 1, y)) edges.push(`M${x} ${y}v1`);
      if (inside(x, y) !== inside(x, y - 1)) edges.push(`M${x} ${y}h1`);
    }
  return edges.join("");
}
