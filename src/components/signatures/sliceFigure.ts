import type {PatientSlice, SlicesFacts} from "../../cohort/readSlices.js";
import {csvText} from "../csv.js";
import {svgElement} from "../element.js";
import type {Figure} from "../figureFrame.js";
import {formatNumber} from "../formatting.js";
import {influenceMap, strongest} from "./influenceMap.js";
import {type GreyWindow, influenceTones, largest, slicePicture} from "./slicePicture.js";

const WIDEST_PANEL = 380;
const GAP = 24;
const TITLE = 22;
const LEGEND = 52;

/** A patient's slice twice: with what lies around the tumour, and as the network sees it, with what moved the signature. */
export function sliceFigure(slice: PatientSlice, facts: SlicesFacts, window: GreyWindow, signature: string): Figure {
  const name = facts.modality.toUpperCase();
  const unit = unitOf(facts);
  const {fall, leftMm, backMm} = strongest(slice, facts.occlusion);
  const place = placeWords(leftMm, backMm);
  const said = `Covering ${place} ${fall > 0 ? "lowers" : "raises"} the signature most, by ${formatNumber(Math.abs(fall), 2)} SD.`;
  return {
    draw: (width) => drawn(slice, facts, window, {width, words: `${name} slice of patient ${slice.patient}. ${said}`}),
    csv: () => sliceCsv(slice, facts),
    caption: `Patient ${slice.patient}, ${name} slice ${slice.slice + 1} from the feet, tumour ${formatNumber(slice.areaMm2, 3)} mm² on it; ${signature}. ${said}`,
    note: `Grey from ${formatNumber(window.low)} to ${formatNumber(window.high)} ${unit}; left of the image: the patient's right. Influence by occlusion (Zeiler and Fergus 2014): squares of ${Math.round(100 * facts.occlusion.side)}% of the side, one after another, are given the mean of the image; shown is the mean, over the squares that cover a point, of the signature before minus after. Colours reach to this patient's own largest influence.`,
    script: {none: "it is a picture; its pixels are in the CSV."}
  };
}

/** Where the centre of a covered square lies. */
function placeWords(leftMm: number, backMm: number): string {
  const side = Math.abs(leftMm) >= 0.05 ? `${Math.abs(leftMm).toFixed(1)} mm to the patient's ${leftMm > 0 ? "left" : "right"} of` : ""; // prettier-ignore
  const depth =
    Math.abs(backMm) >= 0.05 ? `${Math.abs(backMm).toFixed(1)} mm ${backMm > 0 ? "behind" : "in front of"}` : "";
  const said = [side, depth].filter(Boolean).join(" and ");
  return said === "" ? "the middle" : `the square ${said} the middle`;
}

export const unitOf = ({unit}: SlicesFacts): string => (unit === "SUVbw" ? "SUV" : unit);

function drawn(
  slice: PatientSlice,
  facts: SlicesFacts,
  window: GreyWindow,
  {width, words}: {readonly width: number; readonly words: string}
): SVGSVGElement {
  const beside = width >= 520;
  const side = Math.floor(Math.min(WIDEST_PANEL, beside ? (width - GAP) / 2 : width));
  const tall = TITLE + side + LEGEND;
  const panels = [
    {part: "field", title: `${formatNumber(slice.fieldMm, 3)} mm across`, legend: greyLegend(facts, window, side)},
    {part: "square", title: `What the network sees, ${formatNumber(slice.sideMm, 3)} mm`, legend: influenceLegend(slice, facts, side)} // prettier-ignore
  ] as const;
  const size = beside ? {width: 2 * side + GAP, height: tall} : {width: side, height: 2 * tall};
  return svgElement(
    "svg",
    {
      ...size,
      viewBox: `0 0 ${size.width} ${size.height}`,
      role: "img",
      "aria-label": words,
      "font-family": "system-ui, sans-serif",
      "font-size": 12,
      fill: "var(--ink)"
    },
    panels.map(({part, title, legend}, k) => {
      const picture = slicePicture(slice, facts, window, part);
      picture.setAttribute("y", String(TITLE));
      picture.setAttribute("width", String(side));
      picture.setAttribute("height", String(side));
      const mmPerPixel = (part === "field" ? slice.fieldMm : slice.sideMm) / side;
      return svgElement(
        "g",
        {transform: beside ? `translate(${k * (side + GAP)},0)` : `translate(0,${k * tall})`},
        svgElement("text", {y: 14, "font-weight": 600}, title),
        picture,
        scaleBar(side, mmPerPixel),
        svgElement("g", {transform: `translate(0,${TITLE + side + 10})`}, legend)
      );
    })
  );
}

/** Ten millimetres, in the lower left of the picture. */
function scaleBar(side: number, mmPerPixel: number) {
  const long = 10 / mmPerPixel;
  const y = TITLE + side - 10;
  const text = {x: 10, y: y - 6, "font-size": 11, "font-weight": 600};
  return svgElement(
    "g",
    {},
    svgElement("path", {d: `M10 ${y}h${long}`, stroke: "#ffffff", "stroke-width": 6}),
    svgElement("path", {d: `M10 ${y}h${long}`, stroke: "#1b1e23", "stroke-width": 3}),
    svgElement("text", {...text, stroke: "#ffffff", "stroke-width": 3, fill: "none"}, "10 mm"),
    svgElement("text", {...text, fill: "#1b1e23"}, "10 mm")
  );
}

function greyLegend(facts: SlicesFacts, {low, high}: GreyWindow, side: number) {
  const inverted = facts.modality === "pet";
  const bar = ["#000000", "#ffffff"];
  const ends = [formatNumber(low), `${formatNumber(high)} ${unitOf(facts)}`] as const;
  return legend(`grey-${facts.modality}`, inverted ? bar.reverse() : bar, ends, side);
}

function influenceLegend({influence}: PatientSlice, {modality}: SlicesFacts, side: number) {
  const [raises, lowers] = influenceTones(modality);
  const most = formatNumber(largest(influence), 2);
  const ground = modality === "pet" ? "#ffffff" : "#5a636b";
  return legend(
    `influence-${modality}`,
    [lowers, ground, raises],
    [`−${most} SD: lowers the risk`, `+${most} SD: raises it`],
    side
  );
}

function legend(id: string, colours: readonly string[], [from, to]: readonly [string, string], side: number) {
  const name = `${id}-${Math.round(side)}`;
  return [
    svgElement(
      "linearGradient",
      {id: name},
      colours.map((colour, k) => svgElement("stop", {offset: k / (colours.length - 1), "stop-color": colour}))
    ),
    svgElement("rect", {width: side, height: 10, fill: `url(#${name})`, stroke: "var(--rule)"}),
    svgElement("text", {y: 26}, from),
    svgElement("text", {x: side, y: 26, "text-anchor": "end"}, to)
  ];
}

/** One line a pixel of the field. */
export function sliceCsv(slice: PatientSlice, facts: SlicesFacts): string {
  const n = facts.pixels;
  const square = Math.round((n * slice.sideMm) / slice.fieldMm);
  const from = (n - square) / 2;
  const map = influenceMap(slice.influence, facts.occlusion, square);
  const mm = (pixel: number) => (((pixel + 0.5) / n - 0.5) * slice.fieldMm).toFixed(2);
  const rows = Array.from(slice.values, (value, at) => {
    const [column, row] = [at % n, Math.floor(at / n)];
    const [x, y] = [column - from, row - from];
    const seen = x >= 0 && y >= 0 && x < square && y < square;
    return [mm(column), mm(row), Number.isNaN(value) ? null : value, slice.mask[at], seen ? map[y * square + x] : null];
  });
  return csvText(["to_left_mm", "to_back_mm", unitOf(facts).toLowerCase(), "tumour", "influence_sd"], rows);
}
