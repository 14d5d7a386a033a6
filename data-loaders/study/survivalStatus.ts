import {isMissingWord} from "./missingWords.js";

const eventWords = new Set([
  "deceased",
  "dead",
  "died",
  "death",
  "recurred",
  "recurrence",
  "relapsed",
  "relapse",
  "progressed",
  "progression",
  "recurredprogressed",
  "deadwithtumor",
  "event"
]);

const censoredWords = new Set([
  "living",
  "alive",
  "censored",
  "diseasefree",
  "recurrencefree",
  "relapsefree",
  "progressionfree",
  "eventfree",
  "norecurrence",
  "norelapse",
  "noprogression",
  "aliveordeadtumorfree",
  "noevent"
]);

/**
 * What a cell of cBioPortal's <PREFIX>_STATUS says: 1 the event, 0 censored, null no value.
 *
 * The number before the colon decides ("1:DECEASED", "0:DiseaseFree"); files of before 2020 have the word alone.
 *
 * @returns "contradiction" where number and word say opposite things, "unknown" where neither says anything
 */
export function survivalStatus(cell: string): 0 | 1 | null | "contradiction" | "unknown" {
  if (isMissingWord(cell)) return null;
  const [, number, written] = /^(?:(\d+)\s*(?::|$))?(.*)$/s.exec(cell)!;
  const word = written.toLowerCase().replace(/[^a-z]/g, "");
  const said = eventWords.has(word) ? 1 : censoredWords.has(word) ? 0 : null;
  if (number === undefined) return said ?? "unknown";
  if (number !== "0" && number !== "1") return "unknown";
  if (said !== null && said !== Number(number)) return "contradiction";
  return number === "1" ? 1 : 0;
}
