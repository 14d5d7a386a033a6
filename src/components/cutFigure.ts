import type {Cohort} from "../cohort/readCohort.js";
import {csvText} from "./csv.js";
import {selectionWords} from "../cohort/selectionWords.js";
import {figureFrame} from "./figureFrame.js";
import {counted} from "./formatting.js";
import {bestCut} from "./groupComparison.js";
import {cutHistogram} from "./nomogram/cutHistogram.js";
import type {CutHistogram} from "./nomogram/cutHistogram.js";
import {cutScript} from "./rScript/cutScript.js";
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
  let drawn: {readonly caption: string; readonly rows: Uint8Array} | null = null;
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
    show(rows, answer) {
      const {
        endpoint,
        grouping: {variable, cut: cuts}
      } = answer;
      const column = variable?.type === "numeric" ? cohort.variable(variable.id) : null;
      if (column?.type !== "numeric" || cuts?.length !== 1) {
        element.hidden = true;
        drawn = null;
        return;
      }
      cut = cuts[0];
      element.dataset.cut = String(cut);
      const values = column.values.filter((v, i) => rows[i] === 1 && !Number.isNaN(v));
      const caption = `${variable!.label} of ${counted(values.length, "selected patient")}; selection: ${selectionWords(cohort.study, answer.selection)}; ${counted(answer.events, "event")} (${endpoint.label}); the groups part at the line.`;
      // Drawn anew the knob would lose the reader's hold and focus.
      if (drawn?.caption === caption && same(drawn.rows, rows)) return histogram?.update(cut);
      drawn = {caption, rows};
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
        caption,
        note: `Drag the line, or focus its knob and use the arrow keys: the curves follow. A cut chosen while looking at them makes p too small. A value equal to the cut belongs below it.`,
        script: {
          write: (data) =>
            cutScript(cohort, {endpoint, variable: variable!, cut, best: bestCut(cohort, rows, answer, [])}, rows, data)
        }
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
