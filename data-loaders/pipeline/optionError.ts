/** An option of a command that cannot be followed: one sentence with the mend, printed without a stack. */
export class OptionError extends Error {
  override name = "OptionError";
}
