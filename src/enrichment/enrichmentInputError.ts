/** The data given to an enrichment function cannot be used; the message names the place and the mend. */
export class EnrichmentInputError extends Error {
  override name = "EnrichmentInputError";
  /** @param place - row of a file (the first is 1) and name of a column, which the message begins with */
  constructor(
    readonly sentence: string,
    readonly place: {readonly row?: number; readonly column?: string} = {}
  ) {
    super([placeWords(place), sentence].filter(Boolean).join(": "));
  }
}

function placeWords({row, column}: {readonly row?: number; readonly column?: string}): string {
  return [row && `Row ${row}`, column && `column ${column}`].filter(Boolean).join(", ");
}
