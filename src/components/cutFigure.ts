import type {Cohort} from "../cohort/readCohort.js";
import {csvText} from "./csv.js";
import {figureFrame} from "./figureFrame.js";
import {counted} from "./formatting.js";
import {cutHistogram} from "./nomogram/cutHistogram.js";
import type {CutHistogram} from "./nomogram/cutHistogram.js";
import type {SurvivalAnswer} from "./survivalAnswer.js";

export interface CutFigure {
  readonly element: HTMLElement;
  /** Shows where the answer's variable is cut; nothing where it is not numeric or has several cuts. */
  show(rows: Uint8Array, answer: SurvivalAnswer): void;
}

/**
 * Histogram of the variable that makes the groups, its cut to be dragged or moved by keys.
 *
 * @param moving - called at most once a frame while the cut moves
 * @param settled - called when the reader lets go of it
 */
export function cutFigure(cohort: Cohort, moving: (cut: number) => void, settled: (cut: number) => void): CutFigure {
  const frame = figureFrame("Where the groups part", `${cohort.study.id}-cut`);
  const {element} = frame;
  let histogram: CutHistogram | null = null;
  let drawn: {readonly variable: string; readonly rows: Uint8Array} | null = null;
  let cut = NaN;
  let moved = false;
  let asked = false;
  const move = (next: number) => {
    cut = next;
    moved = true;
    histogram?.update(cut);
    if (asked) return;
    asked = true;
    requestAnimationFrame(() => {
      asked = false;
      if (moved) moving(cut);
    });
  };
  const end = () => {
    if (!moved) return;
    moved = false;
    settled(cut);
  };
  element.hidden = true;
  return {
    element,
    show(rows, {grouping: {variable, cut: cuts}}) {
      const column = variable && cohort.variable(variable.id);
      if (column?.type !== "numeric" || cuts?.length !== 1) {
        element.hidden = true;
        drawn = null;
        return;
      }
      cut = cuts[0];
      element.dataset.cut = String(cut);
      // Drawn anew the knob would lose the reader's hold and focus.
      if (drawn?.variable === variable!.id && same(drawn.rows, rows)) return histogram?.update(cut);
      drawn = {variable: variable!.id, rows};
      const values = column.values.filter((v, i) => rows[i] === 1 && !Number.isNaN(v));
      element.hidden = values.length === 0;
      const label = `${variable!.label}${variable!.units ? `, ${variable!.units}` : ""}`;
      const round = rounding(values);
      const tones = [0, 1] as const;
      const draw = (width: number) => {
        histogram = cutHistogram(values, label, null, cut, width, (next) => move(round(next)), {tones, onEnd: end});
        return histogram.svg;
      };
      frame.show({
        draw: values.length > 0 ? draw : null,
        csv: () =>
          csvText(
            [variable!.id],
            Array.from(values, (v) => [v])
          ),
        caption: `${variable!.label} of ${counted(values.length, "selected patient")}; the groups part at the line.`,
        note: `Drag the line, or focus its knob and use the arrow keys: the curves follow. A cut chosen while looking at them makes p too small. A value equal to the cut belongs below it.`
      });
    }
  };
}

/** Rounds to what the eye can tell apart: a two-hundredth of the range or less, a power of ten. */
export function rounding(values: Float64Array): (value: number) => number {
  const range = values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity);
  if (!(range > 0)) return (value) => value;
  const unit = 10 ** Math.floor(Math.log10(range / 200));
  return (value) => Number((Math.round(value / unit) * unit).toPrecision(15));
}

const same = (a: Uint8Array, b: Uint8Array) => a.length === b.length && a.every((kept, i) => kept === b[i]);
