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
  /** How it was computed, one sentence. */
  readonly note: string;
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
      save("CSV", () => download(figure!.csv(), `${name}.csv`, "text/csv"))
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
      const width = widthOf(stage.clientWidth);
      if (width > 0) draw(width);
    }
  };
}
