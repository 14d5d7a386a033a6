import {element} from "./element.js";
import {download, pngOf, svgText} from "./exportFigure.js";

/** What a frame shows at one time. */
export interface Figure {
  /** Draws at a width in CSS pixels; null where there is nothing to draw. */
  readonly draw: ((width: number) => SVGSVGElement) | null;
  /** What is drawn, as a table. */
  readonly csv: () => string;
  /** Who is shown, n and events. */
  readonly caption: string;
  /** How it was computed: sentences that a methods section could hold. */
  readonly note: string;
  /** An R script that repeats it, data included; none for a picture, or where R has no counterpart. */
  readonly script?: (() => string) | null;
}

export interface FigureFrame {
  readonly element: HTMLElement;
  show(figure: Figure): void;
}

/** Wider figures gain nothing. */
const WIDEST = 860;

/**
 * A figure with its caption, method note and downloads; drawn anew when its width changes.
 *
 * @param name - of the files, without extension
 */
export function figureFrame(title: string, name: string): FigureFrame {
  const stage = element("div", {class: "stage"});
  const caption = element("span", {});
  const note = element("span", {class: "note-line"});
  let figure: Figure | null = null;
  let drawnAt = 0;
  const draw = (width: number) => {
    if (!figure) return;
    drawnAt = width;
    stage.replaceChildren(figure.draw ? figure.draw(width) : element("p", {}, "There is nothing to draw."));
  };
  const svg = () => stage.querySelector("svg");
  const save = (kind: string, act: (svg: SVGSVGElement) => void | Promise<void>) =>
    element(
      "button",
      {type: "button", "aria-label": `Download ${kind}: ${title}`, onclick: () => void (svg() && act(svg()!))},
      kind
    );
  const script = element(
    "button",
    {
      type: "button",
      hidden: true,
      "aria-label": `Download R script: ${title}`,
      onclick: () => figure?.script && download(figure.script(), `${name}.R`)
    },
    "R script"
  );
  const frame = element(
    "figure",
    {class: "framed"},
    stage,
    element("figcaption", {}, element("strong", {}, title, ". "), caption, " ", note),
    element(
      "div",
      {class: "downloads"},
      save("SVG", (s) => download(svgText(s, title), `${name}.svg`, "image/svg+xml")),
      save("PNG, 300 dpi", async (s) => download(await pngOf(s, title), `${name}.png`)),
      save("CSV", () => download(figure!.csv(), `${name}.csv`, "text/csv")),
      script,
      copyMethods(title, () => figure)
    )
  );
  const widthOf = (room: number) => Math.min(WIDEST, Math.floor(room));
  new ResizeObserver(([{contentRect}]) => {
    const width = widthOf(contentRect.width);
    if (width > 0 && width !== drawnAt) draw(width);
  }).observe(stage);
  return {
    element: frame,
    show(next) {
      figure = next;
      caption.textContent = next.caption;
      note.textContent = next.note;
      script.hidden = !next.script;
      const width = widthOf(stage.clientWidth);
      if (width > 0) draw(width);
    }
  };
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
