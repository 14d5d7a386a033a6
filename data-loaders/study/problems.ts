import {firstFew} from "./firstFew.js";
import {StudyError} from "./study.js";
import type {StudyProblem} from "./study.js";

/** Where a problem is. Rows count as a spreadsheet counts them: the header is row 1. */
export interface Place {
  readonly file: string;
  readonly row?: number;
  readonly column?: string;
}

/** Collects the problems of a study, so that all are told at once. */
export interface Problems {
  /** @param sentence - what is wrong and the mend, without the place */
  readonly add: (place: Place, sentence: string) => void;
  /** @throws {StudyError} if there is any */
  readonly check: () => void;
}

/** A fault and every row that has it. */
interface Fault {
  readonly place: Place;
  readonly sentence: string;
  readonly rows: number[];
}

/** The same fault of one column in many rows is told once, with its rows. */
export function collectProblems(): Problems {
  const found = new Map<string, Fault>();
  return {
    add(place, sentence) {
      const key = JSON.stringify([place.file, place.column ?? null, sentence]);
      const fault = found.get(key) ?? {place, sentence, rows: []};
      if (place.row) fault.rows.push(place.row);
      found.set(key, fault);
    },
    check() {
      if (found.size === 0) return;
      // What is wrong with the description comes first: the rest may follow from it.
      const rank = ({place: {file}}: Fault) => (file === "study.json" ? 0 : 1);
      throw new StudyError([...found.values()].sort((a, b) => rank(a) - rank(b)).map(problemOf));
    }
  };
}

function problemOf({place: {file, column}, sentence, rows}: Fault): StudyProblem {
  const place = [file, wordsOf(rows), column && `column ${column}`].filter(Boolean).join(", ");
  return {file, ...(rows.length ? {row: rows[0]} : {}), ...(column ? {column} : {}), message: `${place}: ${sentence}`};
}

/** "row 4", "rows 4, 7", "rows 4, 7, 9, 12, 15 and 88 more"; nothing without rows. */
function wordsOf(rows: readonly number[]): string {
  if (rows.length <= 1) return rows.length ? `row ${rows[0]}` : "";
  return `rows ${firstFew(rows)}`;
}

/** The candidate nearest to a word by edit distance, as a question, or nothing if none is near. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const near = candidates
    .map((candidate) => ({candidate, distance: editDistance(word.toLowerCase(), candidate.toLowerCase())}))
    .filter(({distance, candidate}) => distance <= Math.max(2, candidate.length / 3))
    .sort((a, b) => a.distance - b.distance)[0];
  return near ? ` Did you mean "${near.candidate}"?` : "";
}

function editDistance(a: string, b: string): number {
  let row = Array.from({length: b.length + 1}, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (a[i - 1] === b[j - 1] ? 0 : 1)));
    row = next;
  }
  return row[b.length];
}
