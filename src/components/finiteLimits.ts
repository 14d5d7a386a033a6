/** Beyond this a limit of a ratio is the trace of an infinite coefficient. */
const ENDLESS = 1e6;

/** Whether a ratio's interval has an end either way; one that is not known has none. */
export const finiteLimits = (lower: number, upper: number): boolean => upper < ENDLESS && lower > 1 / ENDLESS;
