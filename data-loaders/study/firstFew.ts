/** How many of a list are named; the others are counted. */
const few = 5;

/** "A, B", "A, B, C, D, E and 88 more". */
export function firstFew(names: readonly (string | number)[]): string {
  const more = names.length - few;
  return names.slice(0, few).join(", ") + (more > 0 ? ` and ${more} more` : "");
}

/** "1 patient has", "7 patients have". */
export const patientsHave = (n: number) => (n === 1 ? "1 patient has" : `${n} patients have`);
