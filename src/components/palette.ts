import type {Group} from "../cohort/groups.js";

/** A colour by name, on white and on black. style.css has the same as custom properties. */
export interface Tone {
  readonly light: string;
  readonly dark: string;
}

/**
 * Told apart with any colour vision (after Okabe and Ito 2008), dark enough on white for text (contrast ≥ 4.5). Low and
 * high risk are used for nothing else.
 */
export const palette: Readonly<Record<string, Tone>> = {
  "--tone-low": {light: "#0068a6", dark: "#56b4e9"},
  "--tone-high": {light: "#bd4600", dark: "#ff8f4f"},
  "--tone-0": {light: "#007457", dark: "#3ccb9a"},
  "--tone-1": {light: "#7b3f9e", dark: "#d39bf0"},
  "--tone-2": {light: "#8a5c00", dark: "#e6b23c"},
  "--tone-3": {light: "#2d5fd0", dark: "#8fb0ff"},
  "--tone-4": {light: "#5a636b", dark: "#b8c0c8"},
  "--tone-5": {light: "#b0266b", dark: "#ff8fb8"},
  "--tone-6": {light: "#667300", dark: "#c3d14a"},
  "--tone-7": {light: "#8c3b2a", dark: "#e0a493"},
  "--ink": {light: "#1b1e23", dark: "#e4e4de"},
  "--ink-soft": {light: "#555b64", dark: "#a9aca8"},
  "--rule": {light: "#c9ccd1", dark: "#4a4d50"},
  "--paper": {light: "#ffffff", dark: "#161616"}
};

/** How many groups have a colour of their own. */
export const TONES = 8;

/** The colour of a group, as a reference to a custom property. */
export function toneOf(tone: Group["tone"]): string {
  return `var(--tone-${typeof tone === "number" ? tone % TONES : tone})`;
}

/** References to custom properties replaced by the colours for white paper, as a file on its own needs. */
export function inPrint(text: string): string {
  return text.replace(/var\((--[\w-]+)\)/g, (reference, name: string) => palette[name]?.light ?? reference);
}
