import type {Endpoint} from "../cohort/description.js";

/** Rows as comma-separated values (RFC 4180); NaN and null are empty. */
export function csvText(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** The same of what is about an endpoint: a last column says what it is, where the reader defined it. */
export function endpointCsv(
  {definition}: Pick<Endpoint, "definition">,
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[]
): string {
  if (!definition) return csvText(header, rows);
  return csvText(
    [...header, "endpoint"],
    rows.map((row) => [...row, definition])
  );
}

function field(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
