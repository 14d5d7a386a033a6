import {inPrint} from "./palette.js";
import {withResolution} from "./pngResolution.js";

const PRINT_DPI = 300;
/** CSS pixels an inch. */
const SCREEN_DPI = 96;

/** A figure as a file of its own: on white, colours written out, with its title. */
export function svgText(svg: SVGSVGElement, title: string): string {
  const copy = svg.cloneNode(true) as SVGSVGElement;
  copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
  const heading = document.createElementNS("http://www.w3.org/2000/svg", "title");
  heading.textContent = title;
  const paper = document.createElementNS("http://www.w3.org/2000/svg", "rect");
  for (const side of ["width", "height"]) paper.setAttribute(side, "100%");
  paper.setAttribute("fill", "var(--paper)");
  copy.prepend(heading, paper);
  copy.style.color = "var(--ink)";
  return inPrint(new XMLSerializer().serializeToString(copy)).replaceAll("currentColor", inPrint("var(--ink)"));
}

/** The same as a PNG of 300 dots an inch. */
export async function pngOf(svg: SVGSVGElement, title: string): Promise<Blob> {
  const image = new Image();
  const source = URL.createObjectURL(new Blob([svgText(svg, title)], {type: "image/svg+xml"}));
  try {
    image.src = source;
    await image.decode();
  } finally {
    URL.revokeObjectURL(source);
  }
  const scale = PRINT_DPI / SCREEN_DPI;
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(svg.width.baseVal.value * scale);
  canvas.height = Math.round(svg.height.baseVal.value * scale);
  canvas.getContext("2d")!.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise<Blob | null>((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error(`The browser could not make a PNG of ${canvas.width} × ${canvas.height} pixels.`);
  const bytes = withResolution(new Uint8Array(await blob.arrayBuffer()), PRINT_DPI);
  return new Blob([bytes as BlobPart], {type: "image/png"});
}

/** Hands the reader a file. */
export function download(content: Blob | string, name: string, type = "text/plain"): void {
  const blob = typeof content === "string" ? new Blob([content], {type}) : content;
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** Several text files as one zip. */
export async function zipped(files: Readonly<Record<string, string>>): Promise<Blob> {
  // Few readers need it: no page waits for it.
  const {strToU8, zipSync} = await import("fflate");
  const contents = Object.entries(files).map(([name, text]) => [name, strToU8(text)]);
  return new Blob([zipSync(Object.fromEntries(contents)) as BlobPart], {type: "application/zip"});
}
