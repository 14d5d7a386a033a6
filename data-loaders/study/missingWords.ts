/** How tables of cBioPortal write that there is no value, in small letters; TCGA's words in brackets among them. */
const words = new Set([
  "",
  "na",
  "n/a",
  "nan",
  "null",
  "[not available]",
  "[not applicable]",
  "[not evaluated]",
  "[unknown]",
  "[pending]",
  "[discrepancy]",
  "[completed]",
  "[null]"
]);

/** Whether a cell of a table of cBioPortal says that there is no value. */
export function isMissingWord(cell: string): boolean {
  return words.has(cell.trim().toLowerCase());
}
