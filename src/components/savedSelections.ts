import type {StudyDescription} from "../cohort/description.js";
import {readPatients, writeNamed} from "../cohort/patientsUrl.js";
import type {NamedPatients} from "../cohort/selection.js";

/** Named selections kept in this browser for the next visit; they are sent nowhere. */
export interface SavedSelections {
  readonly all: () => readonly NamedPatients[];
  readonly save: (patients: NamedPatients) => void;
  readonly forget: (name: string) => void;
}

/**
 * Kept in the browser's storage under the study's id, in the words of a link, so that what a newer site no longer has is left
 * out as from a link. Where there is no storage, as in some private windows, nothing is kept.
 */
export function savedSelections(study: StudyDescription, storage: Storage | null = browserStorage()): SavedSelections {
  const key = `stratum.${study.id}.selections`;
  const all = () => readSaved(storage?.getItem(key) ?? "", study);
  const write = (named: readonly NamedPatients[]) => {
    try {
      storage?.setItem(key, named.map(written).join("\n"));
    } catch {
      // The storage is full or closed: the selection is in the link all the same.
    }
  };
  return {
    all,
    save: (patients) => write([...all().filter(({name}) => name !== patients.name), patients]),
    forget: (name) => write(all().filter((other) => other.name !== name))
  };
}

function browserStorage(): Storage | null {
  try {
    return localStorage;
  } catch {
    return null;
  }
}

/** One line a selection: more may be saved than a link can compare. */
function written(patients: NamedPatients): string {
  const query = new URLSearchParams();
  writeNamed(query, [patients]);
  return query.toString();
}

function readSaved(text: string, study: StudyDescription): NamedPatients[] {
  const lines = text.split("\n").filter((line) => line !== "");
  return lines.flatMap((line) => readPatients(new URLSearchParams(line), study, []).named);
}
