import {scaleLinear, scaleSqrt} from "d3";
import type {PathwayResult, PublishedTests} from "../../enrichment/publishedPathways.js";
import {csvText} from "../csv.js";
import {svgElement} from "../element.js";
import type {Figure} from "../figureFrame.js";
import {bareP, counted, formatNumber, genomicP} from "../formatting.js";
import {CALLED} from "./volcanoPlot.js";

const ROW = 22;
const MOST = 30;

/** The name of a set as people say it. */
export const setLabel = (name: string) =>
  name
    .replace(/^(HALLMARK|GOBP|KEGG|REACTOME|SYNTHETIC)_/, "")
    .replaceAll("_", " ")
    .toLowerCase();

/** The strongest gene sets, the highest NES first. */
export const setsDrawn = ({pathways}: PublishedTests): PathwayResult[] =>
  [...pathways]
    .sort((a, b) => a.q - b.q || Math.abs(b.normalisedScore) - Math.abs(a.normalisedScore))
    .slice(0, MOST)
    .sort((a, b) => b.normalisedScore - a.normalisedScore);

/** The strongest gene sets by NES; a row is a button that opens its set. */
export function pathwayDots(
  tests: PublishedTests,
  chosen: string | null,
  onSet: (name: string) => void
): Omit<Figure, "script"> {
  const {pathways, untested} = tests;
  const called = pathways.filter(({q}) => q < CALLED).length;
  const shown = setsDrawn(tests);
  const left = [
    [untested.empty.length, "without a gene tested"],
    [untested.tooSmall.length, "too small"],
    [untested.tooLarge.length, "too large"]
  ].filter(([n]) => (n as number) > 0);
  return {
    draw: shown.length > 0 ? (width) => drawn(shown, chosen, width, onSet) : null,
    csv: () =>
      csvText(
        ["pathway", "size", "es", "nes", "p", "q", "log2_p_error", "leading_edge"],
        pathways.map((p) => [
          p.name,
          p.size,
          p.enrichmentScore,
          p.normalisedScore,
          p.p,
          p.q,
          p.errorOfLogP,
          p.leadingEdge.join(" ")
        ])
      ),
    caption: `${counted(pathways.length, "gene set")} tested, ${called} with q < ${CALLED}${left.length > 0 ? `; not tested: ${left.map(([n, why]) => `${n} ${why}`).join(", ")}` : ""}.`,
    note: `Normalised enrichment score; the size of a dot is that of the set, filled where q < ${CALLED}. Positive: higher in ${tests.names[1]}. Press a row to open the set.`
  };
}

function drawn(
  shown: readonly PathwayResult[],
  chosen: string | null,
  width: number,
  onSet: (name: string) => void
): SVGSVGElement {
  const names = Math.min(280, width * 0.48);
  const height = shown.length * ROW + 62;
  const reach = Math.max(1, ...shown.map(({normalisedScore}) => Math.abs(normalisedScore))) * 1.1;
  const x = scaleLinear([-reach, reach], [names + 14, width - 62]);
  const r = scaleSqrt([0, Math.max(...shown.map(({size}) => size))], [0, 8]);
  const letters = Math.floor(names / 6.4);
  const floor = shown.length * ROW + 12;
  return svgElement(
    "svg",
    {
      width,
      height,
      viewBox: `0 0 ${width} ${height}`,
      role: "group",
      "aria-label": "Gene sets by normalised enrichment score",
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "var(--ink)"
    },
    x
      .ticks(5)
      .flatMap((t) => [
        svgElement("line", {x1: x(t), x2: x(t), y1: 4, y2: floor, stroke: t === 0 ? "var(--ink-soft)" : "var(--rule)"}),
        svgElement("text", {x: x(t), y: floor + 16, "text-anchor": "middle"}, formatNumber(t))
      ]),
    svgElement(
      "text",
      {x: (x(-reach) + x(reach)) / 2, y: floor + 34, "text-anchor": "middle"},
      "Normalised enrichment score"
    ),
    svgElement("text", {x: width - 4, y: floor + 16, "text-anchor": "end", "font-weight": 600}, "q"),
    shown.flatMap((p, i) => {
      const y = i * ROW + 18;
      const label = setLabel(p.name);
      const tone = p.normalisedScore > 0 ? "var(--tone-high)" : "var(--tone-low)";
      const open = () => onSet(p.name);
      // Texts stand beside the button, not in it: a name that is cut short on a small screen must not be its label.
      const button = svgElement(
        "g",
        {
          role: "button",
          tabindex: 0,
          class: "set-row",
          "aria-pressed": String(p.name === chosen),
          "aria-label": `${label}: NES ${formatNumber(p.normalisedScore, 3)}, ${genomicP(p.q, "q")}, ${p.size} genes`,
          onclick: open,
          onkeydown: (event) => {
            if (!["Enter", " "].includes((event as KeyboardEvent).key)) return;
            event.preventDefault();
            open();
          }
        },
        svgElement("rect", {
          x: 0,
          y: y - ROW / 2,
          width,
          height: ROW,
          fill: p.name === chosen ? "var(--panel)" : "transparent"
        }),
        svgElement("line", {x1: x(0), x2: x(p.normalisedScore), y1: y, y2: y, stroke: tone, "stroke-opacity": 0.5}),
        svgElement("circle", {
          cx: x(p.normalisedScore),
          cy: y,
          r: Math.max(3, r(p.size)),
          fill: p.q < CALLED ? tone : "var(--paper)",
          stroke: tone,
          "stroke-width": 1.5
        })
      );
      const beside = {y, dy: "0.32em", "text-anchor": "end", "pointer-events": "none", "aria-hidden": "true"};
      return [
        button,
        svgElement(
          "text",
          {...beside, x: names, "font-weight": p.name === chosen ? 700 : 400},
          label.length > letters ? `${label.slice(0, letters - 1)}…` : label
        ),
        svgElement("text", {...beside, x: width - 4}, bareP(p.q))
      ];
    })
  );
}
