import type {Endpoint} from "../cohort/description.js";

/** Rows as comma-separated values (RFC 4180); NaN and null are empty. */
export function csvText(header: readonly string[], rows: readonly (readonly (string | number | null)[])[]): string {
  return [header, ...rows].map((row) => `${row.map(field).join(",")}\r\n`).join("");
}

/** The same of what is about an endpoint. */
export function endpointCsv(
  endpoint: Pick<Endpoint, "definition">,
  header: readonly string[],
  rows: readonly (readonly (string | number | null)[])[]
): string {
  return csvText(...withEndpoint(endpoint, header, rows));
}

/** A last column says what the endpoint is, where the reader defined it. @returns header and rows */
export function withEndpoint<Cell>(
  {definition}: Pick<Endpoint, "definition">,
  header: readonly string[],
  rows: readonly (readonly Cell[])[]
): [readonly string[], readonly (readonly (Cell | string)[])[]] {
  return definition ? [[...header, "endpoint"], rows.map((row) => [...row, definition])] : [header, rows];
}

function field(value: string | number | null): string {
  if (value === null || Number.isNaN(value)) return "";
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
