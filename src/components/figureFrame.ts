import {csvText} from "./csv.js";
import {drawingPlace} from "./drawing.js";
import type {Shape} from "./drawing.js";
import {element, setText} from "./element.js";
import {download, pngOf, svgText, zipped} from "./exportFigure.js";
import {patientPointer} from "./patientPoints.js";
import type {PatientPoints} from "./patientPoints.js";
import {rScript} from "./rScript/rScript.js";
import type {FigureScript} from "./rScript/rScript.js";

/** What a frame shows at one time. */
export interface Figure {
  /** Draws at a width in CSS pixels; null where there is nothing to draw. */
  readonly draw: ((width: number) => Shape | SVGSVGElement) | null;
  /** What is drawn, as a table; a header without rows where there is nothing to draw. */
  readonly csv: () => string;
  /** Who is shown, n and events. */
  readonly caption: string;
  /** How it was computed: sentences that a methods section could hold. */
  readonly note: string;
  /** An R script that repeats it, data included, or why there is none. */
  readonly script: FigureScript;
  /** Where single patients are in the drawing, if it shows any: the reader can then pick one. */
  readonly patients?: PatientPoints;
}

export interface FigureFrame {
  readonly element: HTMLElement;
  show(figure: Figure): void;
  /** Takes away what is shown while the next figure is computed. */
  wait(): void;
}

/** A figure that cannot be drawn: the reason stands where its caption would. @param header - of its table, without rows */
export function emptyFigure(reason: string, header: readonly string[]): Figure {
  return {
    draw: null,
    csv: () => csvText(header, []),
    caption: reason,
    note: "",
    script: {none: "there is nothing to repeat."}
  };
}

/** A figure drawn in fewer milliseconds need not wait for a frame of its own, which would take as long. */
const QUICK = 4;

/** Wider figures gain nothing. */
const WIDEST = 860;

/**
 * A figure with its caption, method note and downloads; drawn anew when its width changes.
 *
 * @param name - of the files, without extension
 */
export function figureFrame(title: string, name: string): FigureFrame {
  const stage = element("div", {class: "stage"});
  const place = drawingPlace(stage);
  const caption = element("span", {});
  const note = element("span", {class: "note-line"});
  let figure: Figure | null = null;
  let drawnAt = 0;
  /** Of the stage, as last laid out: asked for anew at each change it would lay out the page once for every figure. */
  let room = {width: 0, height: 0};
  const draw = (width: number) => {
    if (!figure) return;
    drawnAt = width;
    clearTimeout(later);
    const begun = performance.now();
    const focused = stage.contains(document.activeElement) ? document.activeElement?.getAttribute("data-line") : null;
    place(figure.draw ? figure.draw(width) : element("p", {}, "There is nothing to draw."));
    if (focused) stage.querySelector<SVGElement>(`[data-line="${CSS.escape(focused)}"]`)?.focus();
    pointer.drawn();
    stage.removeAttribute("aria-busy");
    stage.style.minHeight = "";
    cost = performance.now() - begun;
  };
  /** What the reader sees comes first; a figure out of sight that takes long is emptied at once and drawn after the next frame. */
  let near = true;
  let cost = 0;
  let later: ReturnType<typeof setTimeout> | undefined;
  const empty = () => {
    clearTimeout(later);
    stage.style.minHeight = `${room.height}px`;
    stage.setAttribute("aria-busy", "true");
    place(null);
  };
  const drawLater = (width: number) => {
    empty();
    requestAnimationFrame(() => (later = setTimeout(() => stage.hasAttribute("aria-busy") && draw(width))));
  };
  const svg = () => stage.querySelector("svg");
  const said = element("span", {class: "note-line", role: "status"});
  const pointer = patientPointer(stage, title);
  const button = (kind: string, act: (shown: Figure) => void | Promise<void>) =>
    element(
      "button",
      {type: "button", "aria-label": `Download ${kind}: ${title}`, onclick: () => void (figure && act(figure))},
      kind
    );
  const picture = (act: (svg: SVGSVGElement) => void | Promise<void>) => () => {
    if (stage.hasAttribute("aria-busy")) draw(widthOf(room.width));
    const drawn = svg();
    if (drawn) return act(drawn);
    said.textContent = "There is nothing to draw, so there is no picture to download.";
  };
  const script = button("R script", async (shown) => {
    if (await downloadScript({title, ...shown}, name)) said.textContent = besideScript(name);
  });
  const frame = element(
    "figure",
    {class: "framed"},
    stage,
    element("figcaption", {}, element("strong", {}, title, ". "), caption, " ", note),
    element(
      "div",
      {class: "downloads"},
      button(
        "SVG",
        picture((s) => download(svgText(s, title), `${name}.svg`, "image/svg+xml"))
      ),
      button(
        "PNG, 300 dpi",
        picture(async (s) => download(await pngOf(s, title), `${name}.png`))
      ),
      button("CSV", (shown) => {
        download(shown.csv(), `${name}.csv`, "text/csv");
        if (!shown.draw) said.textContent = "There is nothing to draw: the CSV has a header and no row.";
      }),
      script,
      copyMethods(title, () => figure),
      pointer.button,
      said
    )
  );
  const widthOf = (width: number) => Math.min(WIDEST, Math.floor(width));
  new ResizeObserver(([{contentRect}]) => {
    // Hidden for a while it keeps the room it had.
    if (contentRect.width === 0) return;
    room = contentRect;
    const width = widthOf(room.width);
    if (width !== drawnAt) draw(width);
  }).observe(stage);
  new IntersectionObserver(([{isIntersecting}]) => (near = isIntersecting), {rootMargin: "200px"}).observe(stage);
  return {
    element: frame,
    wait() {
      figure = null;
      pointer.offer(null);
      empty();
      caption.textContent = "Being computed …";
      note.textContent = "";
    },
    show(next) {
      figure = next;
      pointer.offer(next.draw && next.patients ? next.patients : null);
      setText(caption, next.caption);
      setText(note, next.note);
      const none = "none" in next.script ? next.script.none : null;
      script.hidden = none !== null;
      setText(said, none ? `No R script: ${none}` : "");
      const width = widthOf(room.width);
      // Not laid out yet: it is drawn when it is.
      if (width <= 0) return;
      if (near || drawnAt === 0 || cost < QUICK) draw(width);
      else drawLater(width);
    }
  };
}

/** What to say when a script came with files. */
export const besideScript = (name: string) => `The data are too many for the script itself: ${name}-R.zip holds both.`;

/** Hands the reader a figure's R script: alone, or zipped with its files, which is then said by true. */
export async function downloadScript(
  {title, ...figure}: Pick<Figure, "caption" | "note" | "script"> & {readonly title: string},
  name: string
): Promise<boolean> {
  const made = rScript(title, figure, name, location.href);
  if (!made) return false;
  const files = {[`${name}.R`]: made.text, ...made.files};
  const several = Object.keys(files).length > 1;
  if (several) download(await zipped(files), `${name}-R.zip`);
  else download(made.text, `${name}.R`);
  return several;
}

/** Copies a paragraph for a methods section: who is shown, how it was computed, and where it can be seen again. */
function copyMethods(title: string, figure: () => Figure | null): HTMLElement {
  const button = element(
    "button",
    {
      type: "button",
      "aria-label": `Copy methods text: ${title}`,
      onclick: async () => {
        const shown = figure();
        if (!shown) return;
        const text = methodsText(title, shown, location.href);
        // Browsers give the clipboard to secure pages only; a file serves as well.
        const copied = await navigator.clipboard?.writeText(text).then(
          () => true,
          () => false
        );
        if (!copied) download(`${text}\n`, "methods.txt");
        button.textContent = copied ? "Copied" : "Methods saved";
      }
    },
    "Methods text"
  );
  return button;
}

/** One paragraph. */
export function methodsText(title: string, {caption, note}: Pick<Figure, "caption" | "note">, address: string): string {
  const sentences = [title, caption, note].map((part) => part.trim().replace(/\.?$/, part.trim() === "" ? "" : "."));
  return `${sentences.filter(Boolean).join(" ")} Computed with Stratum; the figure can be seen again at ${address}`;
}
