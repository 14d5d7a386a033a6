import {countRows} from "../cohort/rowMask.js";

/** Somebody else who can pick the rows of a question. */
export interface Checker<Question> {
  readonly name: string;
  rows(question: Question): Promise<Uint8Array>;
}

/** What a check found: both picked the same rows, or so many each. */
export type Check = {readonly agrees: true} | {readonly agrees: false; readonly own: number; readonly other: number};

/**
 * Draws every question at once from the page's own answer, so that no figure is ever older than the question, and has the
 * last one checked by somebody who takes longer: one check at a time, of what is asked by then.
 *
 * @param own - the page's own answer: a mask
 * @param draw - `asked` counts the questions
 * @param checked - told of the last question only
 */
export function latestAnswer<Question>(
  own: (question: Question) => Uint8Array,
  draw: (question: Question, rows: Uint8Array, asked: number) => void,
  checked: (by: string, check: Check, asked: number) => void
) {
  let checker: Checker<Question> | null = null;
  let busy = false;
  let last: {question: Question; rows: Uint8Array; asked: number} | null = null;
  let asked = 0;

  const check = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    while (checker && last) {
      const {name} = checker;
      const now = last;
      let rows: Uint8Array;
      try {
        rows = await checker.rows(now.question);
      } catch (error) {
        // The worker may have been stopped by the browser; the page can answer by itself.
        console.warn(error);
        checker = null;
        break;
      }
      if (now !== last) continue;
      checked(name, compared(now.rows, rows), now.asked);
      break;
    }
    busy = false;
  };
  return {
    /** From now on this one checks. */
    checkedBy: (next: Checker<Question>): void => {
      checker = next;
    },
    /** Drawn when it returns; the promise is of the checks it begins. */
    ask: (question: Question): Promise<void> => {
      last = {question, rows: own(question), asked: ++asked};
      draw(question, last.rows, asked);
      return check();
    }
  };
}

function compared(own: Uint8Array, other: Uint8Array): Check {
  return own.length === other.length && sameRows(own, other)
    ? {agrees: true}
    : {agrees: false, own: countRows(own), other: countRows(other)};
}

function sameRows(own: Uint8Array, other: Uint8Array): boolean {
  for (let i = 0; i < own.length; i++) if (own[i] !== other[i]) return false;
  return true;
}
