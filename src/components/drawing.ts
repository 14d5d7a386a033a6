import {h, render} from "preact";
import type {VNode} from "preact";

/** A part of a figure as it should be: the same part of the drawing before is changed into it, not made anew. */
export type Shape = VNode;

type Attributes = Readonly<Record<string, string | number | null | ((event: Event) => void)>>;
type Part = Shape | string | null;

/** An SVG element, described: functions listen ("onclick"), null is no attribute, `key` tells apart what may change places. */
export function shape(
  tag: keyof SVGElementTagNameMap,
  attributes: Attributes,
  ...parts: readonly (Part | readonly Part[])[]
): Shape {
  return h(tag, attributes as object, ...(parts as Part[]));
}

/** Parts that may be more or fewer: the others of a figure keep their places. */
export const together = (parts: readonly Part[]): Shape => shape("g", {}, parts);

/**
 * Where a figure is drawn. Elements that a description names again stay: laying out a text anew costs the browser several
 * times what a change of its digits does, and what has the focus keeps it.
 *
 * @returns draws a description or puts an element in its place; null empties it
 */
export function drawingPlace(place: HTMLElement): (drawn: Shape | Element | null) => void {
  let described = false;
  return (drawn) => {
    const next = drawn !== null && !(drawn instanceof Element);
    if (described && !next) render(null, place);
    if (!described || !next) place.replaceChildren(...(drawn instanceof Element ? [drawn] : []));
    if (next) render(drawn, place);
    described = next;
  };
}
