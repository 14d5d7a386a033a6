/** A number as a table writes it; NaN for anything else, "1e3x" and "0x10" among it. */
export function numberOf(cell: string): number {
  return /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(cell) ? Number(cell) : NaN;
}

/** @param or - another mend */
export function notANumber(cell: string, or: string): string {
  const comma = /^[+-]?\d+,\d+$/.test(cell) ? ` Write the decimal point as "${cell.replace(",", ".")}".` : "";
  return `"${cell}" is not a number.${comma || ` Correct it, ${or}.`}`;
}
