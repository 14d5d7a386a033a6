/** What a page lets the reader choose besides the selection stands in the fragment of its address, e.g. "#panels=sex". */

export function readOption(name: string): string | null {
  return new URLSearchParams(location.hash.slice(1)).get(name);
}

/** @param value - null takes the option away */
export function writeOption(name: string, value: string | null): void {
  const options = new URLSearchParams(location.hash.slice(1));
  if (value === null) options.delete(name);
  else options.set(name, value);
  const fragment = options.toString();
  history.replaceState(null, "", `${location.pathname}${location.search}${fragment ? `#${fragment}` : ""}`);
}
