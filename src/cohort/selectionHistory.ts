import type {Selection} from "./selection.js";

/** The reader's selections in their order, and which of them is shown. */
export interface SelectionHistory {
  readonly current: () => Selection;
  /** A new selection; what had been undone is forgotten. */
  readonly push: (selection: Selection) => void;
  /** A selection on the way to another, as under a dragged brush: all of one movement are one step back. */
  readonly slide: (selection: Selection) => void;
  /** The movement is over. */
  readonly settle: () => void;
  /** @returns the selection before, or null at the first */
  readonly undo: () => Selection | null;
  /** @returns the selection that was undone last, or null */
  readonly redo: () => Selection | null;
  readonly canUndo: () => boolean;
  readonly canRedo: () => boolean;
}

/** @param most - how many steps back are kept */
export function selectionHistory(first: Selection, most = 200): SelectionHistory {
  const steps = [first];
  let at = 0;
  let sliding = false;
  const push = (selection: Selection) => {
    steps.splice(at + 1, steps.length, selection);
    if (steps.length > most + 1) steps.shift();
    at = steps.length - 1;
  };
  return {
    current: () => steps[at],
    push: (selection) => {
      sliding = false;
      push(selection);
    },
    slide: (selection) => {
      if (sliding) steps[at] = selection;
      else push(selection);
      sliding = true;
    },
    settle: () => {
      sliding = false;
    },
    undo: () => {
      sliding = false;
      return at > 0 ? steps[--at] : null;
    },
    redo: () => {
      sliding = false;
      return at < steps.length - 1 ? steps[++at] : null;
    },
    canUndo: () => at > 0,
    canRedo: () => at < steps.length - 1
  };
}
