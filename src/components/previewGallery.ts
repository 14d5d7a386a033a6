import {element} from "./element.js";

/** A slice as the network saw it, bytes in base64: grey values and a mask of 0 and 1, width × height. */
export interface Preview {
  readonly patient: string;
  readonly width: number;
  readonly height: number;
  readonly grey: string;
  readonly mask: string;
}

/** Colour of the mask's outline, bright on any grey. */
const OUTLINE = [255, 150, 60];

/** Slices with the outline of the tumour mask. */
export function previewGallery(previews: readonly Preview[], modality: string): HTMLElement {
  if (previews.length === 0) return element("p", {}, `No ${modality} slices were kept for this page.`);
  return element(
    "div",
    {class: "previews"},
    previews.map((preview) =>
      element("figure", {}, slice(preview, modality), element("figcaption", {}, `Patient ${preview.patient}`))
    )
  );
}

function slice({patient, width, height, grey, mask}: Preview, modality: string): HTMLCanvasElement {
  const label = `${modality} slice of patient ${patient} with the outline of the tumour mask`;
  const canvas = element("canvas", {width, height, role: "img", "aria-label": label});
  const [values, inside] = [bytesOf(grey), bytesOf(mask)];
  const image = new ImageData(width, height);
  for (let i = 0; i < width * height; i++) {
    const rgb = onOutline(inside, i, width, height) ? OUTLINE : [values[i], values[i], values[i]];
    image.data.set([...rgb, 255], 4 * i);
  }
  canvas.getContext("2d")!.putImageData(image, 0, 0);
  return canvas;
}

/** A pixel of the mask with a neighbour outside it. */
function onOutline(mask: Uint8Array, i: number, width: number, height: number): boolean {
  if (mask[i] === 0) return false;
  const [x, y] = [i % width, Math.floor(i / width)];
  const outside = (u: number, v: number) => u < 0 || v < 0 || u >= width || v >= height || mask[v * width + u] === 0;
  return outside(x - 1, y) || outside(x + 1, y) || outside(x, y - 1) || outside(x, y + 1);
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
}
