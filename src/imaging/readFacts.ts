import {ImageError} from "./imageError.js";

/** PET facts as they came, unchecked. */
export type UncheckedFacts = Readonly<Record<string, unknown>>;

/**
 * A number above 0.
 *
 * @param what - what it must be, in words
 * @throws {ImageError} naming the fact when it is missing or no such number
 */
export function positive(facts: UncheckedFacts, key: string, what: string, file: string): number {
  const value = facts[key];
  if (typeof value !== "number" || !(value > 0 && value < Infinity)) {
    throw new ImageError(file, `${key} is ${shown(value)}; it must be ${what}, greater than 0. Add it.`);
  }
  return value;
}

/**
 * A text that is not empty.
 *
 * @throws {ImageError} naming the fact when it is missing
 */
export function textOf(facts: UncheckedFacts, key: string, what: string, file: string): string {
  const value = facts[key];
  if (typeof value !== "string" || value === "") {
    throw new ImageError(file, `${key} is ${shown(value)}; it must be ${what}, e.g. "093000". Add it.`);
  }
  return value;
}

/** A value as a message quotes it. */
export function shown(value: unknown): string {
  return value === undefined ? "missing" : JSON.stringify(value);
}
