/** The data given to an enrichment function cannot be used; the message names the place and the mend. */
export class EnrichmentInputError extends Error {
  override name = "EnrichmentInputError";
}
