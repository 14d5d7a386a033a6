import {countRows} from "../cohort/rowMask.js";
import {radixOrder} from "../numeric/radixOrder.js";
import {element} from "./element.js";
import {formatCount} from "./formatting.js";
import {patientAddress} from "./patientAddress.js";

/** Where patients are in a drawing, in aligned columns: there may be a million. Places are in the drawing's own pixels. */
export interface PatientPlaces {
  readonly x: Float32Array;
  readonly y: Float32Array;
  /** Half of the height within which pointing means a patient, as in the bars of a histogram. Default 0. */
  readonly tall?: number;
  /** Id of the patient at a place of the columns; asked for one at a time. */
  readonly patient: (k: number) => string;
  /** What the figure shows of the patient, e.g. "High risk: censored at 34 months". */
  readonly words: (k: number) => string;
}

/** The patients of a drawing; asked for when the reader first points at it. */
export type PatientPoints = (drawn: SVGSVGElement) => PatientPlaces;

/** A patient of a figure of few. */
export interface PatientPoint {
  readonly patient: string;
  readonly x: number;
  readonly y: number;
  readonly words: string;
}

export function placesOfPoints(points: readonly PatientPoint[], tall = 0): PatientPlaces {
  return {
    x: Float32Array.from(points, ({x}) => x),
    y: Float32Array.from(points, ({y}) => y),
    tall,
    patient: (k) => points[k].patient,
    words: (k) => points[k].words
  };
}

/** Columns for at most as many patients as a mask keeps, filled one after the other. */
export function emptyPlaces(rows: Uint8Array) {
  const most = countRows(rows);
  const [row, x, y] = [new Uint32Array(most), new Float32Array(most), new Float32Array(most)];
  let n = 0;
  return {
    /** Of the cohort. */
    row,
    add: (i: number, across: number, down: number) => {
      row[n] = i;
      x[n] = across;
      y[n++] = down;
    },
    placed: () => ({x: x.subarray(0, n), y: y.subarray(0, n)})
  };
}

/** A pointer or finger further away than this many pixels means nobody. */
export const REACH = 12;
/** Marks nearer than this look like one. */
const SAME = 1;

export interface PatientPointer {
  /** A button for those who work by keyboard: arrow keys go from patient to patient, Enter opens one. */
  readonly button: HTMLButtonElement;
  /** What another drawing shows; null where it shows no single patients. */
  offer(points: PatientPoints | null): void;
  /** To be called when it is drawn: where patients were in the drawing before says nothing of this one. */
  drawn(): void;
}

/**
 * Lets the reader pick a patient in a figure: pointing at a mark names the patient, a click opens all of the patient.
 *
 * @param stage - holds the drawing
 */
export function patientPointer(stage: HTMLElement, title: string): PatientPointer {
  const mark = element("span", {class: "patient-mark"});
  const tip = element("span", {class: "patient-tip", role: "status"});
  let offered: PatientPoints | null = null;
  let known: {readonly svg: SVGSVGElement; readonly places: PatientPlaces; line?: Line} | null = null;
  /** The patient named. */
  let at = -1;
  let pointed = {clientX: NaN, clientY: NaN};

  const placesNow = () => {
    const svg = stage.querySelector("svg");
    if (!svg || !offered) return null;
    if (known?.svg !== svg) known = {svg, places: offered(svg)};
    return known;
  };
  const hide = () => {
    at = -1;
    mark.remove();
    tip.remove();
    stage.style.cursor = "";
  };
  const show = (index: number) => {
    const now = placesNow();
    if (!now || !(index >= 0 && index < now.places.x.length)) return hide();
    at = index;
    const {places} = now;
    const scale = scaleOf(now.svg);
    const [outer, inner] = [stage.getBoundingClientRect(), now.svg.getBoundingClientRect()];
    const [x, y] = [inner.left - outer.left + places.x[at] * scale, inner.top - outer.top + places.y[at] * scale];
    const others = countAt(places, at) - 1;
    const more = others > 0 ? ` (${formatCount(others)} more here)` : "";
    tip.textContent = `${places.patient(at)}: ${places.words(at)}${more}`;
    for (const node of [mark, tip]) node.style.top = `${y}px`;
    mark.style.left = `${x}px`;
    // Beside the mark, on the side where there is more room.
    tip.style.left = x <= outer.width / 2 ? `${x + 12}px` : "";
    tip.style.right = x <= outer.width / 2 ? "" : `${outer.width - x + 12}px`;
    stage.append(mark, tip);
  };
  const under = ({clientX, clientY}: PointerEvent | MouseEvent): number => {
    const now = placesNow();
    if (!now) return -1;
    const box = now.svg.getBoundingClientRect();
    const scale = scaleOf(now.svg);
    return nearest(now.places, (clientX - box.left) / scale, (clientY - box.top) / scale);
  };
  const open = (patient: string, aside: boolean) => {
    const address = patientAddress(patient, location.search);
    if (aside) window.open(address, "_blank", "noopener");
    else location.assign(address);
  };
  const walk = (step: number) => {
    const now = placesNow();
    if (!now) return;
    const {order, rank} = (now.line ??= leftToRight(now.places));
    const from = at < 0 ? -1 : rank[at];
    show(order[Math.min(order.length - 1, Math.max(0, from + step))]);
    // The button stands below a figure that may be higher than the window.
    mark.scrollIntoView({block: "nearest"});
  };
  /** The arrow keys scroll the page under a pointer at rest, which has not pointed at anything then. */
  const scrolledUnder = ({clientX, clientY}: PointerEvent) =>
    document.activeElement === button && clientX === pointed.clientX && clientY === pointed.clientY;
  stage.addEventListener("pointermove", (event) => {
    if (!offered || event.pointerType === "touch") return;
    if (scrolledUnder(event)) return;
    pointed = {clientX: event.clientX, clientY: event.clientY};
    const index = under(event);
    if (index < 0) return hide();
    stage.style.cursor = "pointer";
    if (index !== at) show(index);
  });
  stage.addEventListener("pointerleave", (event) => event.pointerType !== "touch" && !scrolledUnder(event) && hide());
  stage.addEventListener("click", (event) => {
    const index = offered ? under(event) : -1;
    if (index < 0) return;
    // A finger cannot point without touching: the first touch names the patient, the second opens.
    if (event instanceof PointerEvent && event.pointerType === "touch" && index !== at) return show(index);
    open(known!.places.patient(index), event.ctrlKey || event.metaKey);
  });
  const button = element(
    "button",
    {
      type: "button",
      hidden: true,
      "aria-label": `Patients of the figure: ${title}. Arrow keys go from one to the next, Enter opens one`,
      title: "Point at a patient's mark and click; here, arrow keys and Enter",
      onclick: () => {
        const places = placesNow()?.places;
        if (places && at >= 0) open(places.patient(at), false);
        else walk(1);
      },
      onkeydown: (event) => {
        const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1}[(event as KeyboardEvent).key];
        if (step === undefined || !placesNow()) return;
        event.preventDefault();
        walk(step);
      },
      onblur: hide
    },
    "Patients"
  );
  return {
    button,
    offer(points) {
      offered = points;
      known = null;
      hide();
      button.hidden = points === null;
    },
    drawn() {
      known = null;
      hide();
    }
  };
}

/** Index of the patient nearest to a place, −1 where none is in reach. */
export function nearest({x: across, y: down, tall = 0}: PatientPlaces, x: number, y: number): number {
  let best = -1;
  let least = REACH * REACH;
  for (let k = 0; k < across.length; k++) {
    const dx = across[k] - x;
    if (dx > REACH || dx < -REACH) continue;
    const dy = Math.max(0, Math.abs(down[k] - y) - tall);
    const square = dx * dx + dy * dy;
    if (square < least) {
      best = k;
      least = square;
    }
  }
  return best;
}

/** How many marks look like one with the patient's. */
function countAt({x, y}: PatientPlaces, at: number): number {
  let n = 0;
  for (let k = 0; k < x.length; k++) if (Math.abs(x[k] - x[at]) <= SAME && Math.abs(y[k] - y[at]) <= SAME) n++;
  return n;
}

/** Patients as the arrow keys go, and by patient which in that order. */
interface Line {
  readonly order: Uint32Array;
  readonly rank: Uint32Array;
}

/** By place across, and from the top where that is the same. */
function leftToRight({x, y}: PatientPlaces): Line {
  const down = radixOrder(Float64Array.from(y), Uint32Array.from(y.keys()));
  const order = radixOrder(Float64Array.from(x), down);
  const rank = new Uint32Array(order.length);
  for (let k = 0; k < order.length; k++) rank[order[k]] = k;
  return {order, rank};
}

/** Pixels on the screen of one of the drawing's own: a drawing may be shown smaller than it was made. */
function scaleOf(svg: SVGSVGElement): number {
  const own = Number(svg.getAttribute("width"));
  const shown = svg.getBoundingClientRect().width;
  return own > 0 && shown > 0 ? shown / own : 1;
}
