import type {Selection} from "./selection.js";

/** The reader's selections in their order, and which of them is shown. */
export interface SelectionHistory {
  readonly current: () => Selection;
  /** A new selection; what had been undone is forgotten. */
  readonly push: (selection: Selection) => void;
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
  return {
    current: () => steps[at],
    push: (selection) => {
      steps.splice(at + 1, steps.length, selection);
      if (steps.length > most + 1) steps.shift();
      at = steps.length - 1;
    },
    undo: () => (at > 0 ? steps[--at] : null),
    redo: () => (at < steps.length - 1 ? steps[++at] : null),
    canUndo: () => at > 0,
    canRedo: () => at < steps.length - 1
  };
}
