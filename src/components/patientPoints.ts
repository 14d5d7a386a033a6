import {element} from "./element.js";
import {patientAddress} from "./patientAddress.js";

/** Where a patient is in a drawing, in the drawing's own pixels. */
export interface PatientPoint {
  readonly patient: string;
  readonly x: number;
  readonly y: number;
  /** Half of the height within which pointing means this patient, as in the bars of a histogram; 0 without it. */
  readonly tall?: number;
  /** What the figure shows of the patient, e.g. "High risk: censored at 34 months". */
  readonly words: string;
}

/** The patients of a drawing; asked for when the reader first points at it, for there may be many. */
export type PatientPoints = (drawn: SVGSVGElement) => readonly PatientPoint[];

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
  let known: {readonly svg: SVGSVGElement; readonly points: readonly PatientPoint[]} | null = null;
  let at = -1;

  const pointsNow = () => {
    const svg = stage.querySelector("svg");
    if (!svg || !offered) return null;
    if (known?.svg !== svg) {
      // From left to right, as the arrow keys go.
      known = {svg, points: offered(svg).toSorted((a, b) => a.x - b.x || a.y - b.y)};
    }
    return known;
  };
  const hide = () => {
    at = -1;
    mark.remove();
    tip.remove();
    stage.style.cursor = "";
  };
  const show = (index: number) => {
    const now = pointsNow();
    const point = now?.points[index];
    if (!now || !point) return hide();
    at = index;
    const scale = scaleOf(now.svg);
    const [outer, inner] = [stage.getBoundingClientRect(), now.svg.getBoundingClientRect()];
    const [x, y] = [inner.left - outer.left + point.x * scale, inner.top - outer.top + point.y * scale];
    const others =
      now.points.filter((p) => Math.abs(p.x - point.x) <= SAME && Math.abs(p.y - point.y) <= SAME).length - 1;
    const more = others > 0 ? ` (${others} more here)` : "";
    tip.textContent = `${point.patient}: ${point.words}${more}`;
    for (const node of [mark, tip]) node.style.top = `${y}px`;
    mark.style.left = `${x}px`;
    // Beside the mark, on the side where there is more room.
    tip.style.left = x <= outer.width / 2 ? `${x + 12}px` : "";
    tip.style.right = x <= outer.width / 2 ? "" : `${outer.width - x + 12}px`;
    stage.append(mark, tip);
  };
  const under = ({clientX, clientY}: PointerEvent | MouseEvent): number => {
    const now = pointsNow();
    if (!now) return -1;
    const box = now.svg.getBoundingClientRect();
    const scale = scaleOf(now.svg);
    return nearest(now.points, (clientX - box.left) / scale, (clientY - box.top) / scale);
  };
  const open = (patient: string, aside: boolean) => {
    const address = patientAddress(patient, location.search);
    if (aside) window.open(address, "_blank", "noopener");
    else location.assign(address);
  };
  const walk = (index: number) => {
    show(index);
    // The button stands below a figure that may be higher than the window.
    mark.scrollIntoView({block: "nearest"});
  };
  stage.addEventListener("pointermove", (event) => {
    if (!offered || event.pointerType === "touch") return;
    const index = under(event);
    if (index < 0) return hide();
    stage.style.cursor = "pointer";
    if (index !== at) show(index);
  });
  stage.addEventListener("pointerleave", ({pointerType}) => pointerType !== "touch" && hide());
  stage.addEventListener("click", (event) => {
    const index = offered ? under(event) : -1;
    if (index < 0) return;
    // A finger cannot point without touching: the first touch names the patient, the second opens.
    if (event instanceof PointerEvent && event.pointerType === "touch" && index !== at) return show(index);
    open(known!.points[index].patient, event.ctrlKey || event.metaKey);
  });
  const button = element(
    "button",
    {
      type: "button",
      hidden: true,
      "aria-label": `Patients of the figure: ${title}. Arrow keys go from one to the next, Enter opens one`,
      title: "Point at a patient's mark and click; here, arrow keys and Enter",
      onclick: () => {
        const marked = pointsNow()?.points[at];
        if (marked) open(marked.patient, false);
        else walk(0);
      },
      onkeydown: (event) => {
        const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -1, ArrowDown: 1}[(event as KeyboardEvent).key];
        const now = pointsNow();
        if (step === undefined || !now) return;
        event.preventDefault();
        walk(Math.min(now.points.length - 1, Math.max(0, at + step)));
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

/** Index of the point nearest to a place, −1 where none is in reach. */
export function nearest(points: readonly PatientPoint[], x: number, y: number): number {
  let [best, least] = [-1, REACH];
  for (let k = 0; k < points.length; k++) {
    const beyond = Math.max(0, Math.abs(points[k].y - y) - (points[k].tall ?? 0));
    const distance = Math.hypot(points[k].x - x, beyond);
    if (distance < least) [best, least] = [k, distance];
  }
  return best;
}

/** Pixels on the screen of one of the drawing's own: a drawing may be shown smaller than it was made. */
function scaleOf(svg: SVGSVGElement): number {
  const own = Number(svg.getAttribute("width"));
  const shown = svg.getBoundingClientRect().width;
  return own > 0 && shown > 0 ? shown / own : 1;
}
