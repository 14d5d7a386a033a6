/** What pages add to the address for themselves: it does not go along to another page. `observablehq.config.ts` has the same list. */
const OWN = ["patient", "sql"];

/** The query of an address without what is the page's own: the reader's selection. */
export function selectionQuery(search: string): URLSearchParams {
  const query = new URLSearchParams(search);
  for (const own of OWN) query.delete(own);
  return query;
}

/** A selection's query with what the present address has of the page's own. */
export function withOwn(selection: string, search: string): string {
  const now = new URLSearchParams(search);
  const own = new URLSearchParams(OWN.flatMap((name) => now.getAll(name).map((value) => [name, value])));
  return [selection, own.toString()].filter(Boolean).join("&");
}

/** Where all of a patient is shown, the reader's selection kept. @param search - query of the present page */
export function patientAddress(patient: string, search: string): string {
  const query = selectionQuery(search);
  query.set("patient", patient);
  return `./patients.html?${query}`;
}
