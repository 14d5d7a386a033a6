import {svgElement} from "../element.js";

type Point = readonly [number, number];

/** A movement shorter than this is a press. In units of the drawing. */
const PRESS = 5;

/**
 * Lets a reader drag a rectangle over a drawing, by mouse or pen; a finger scrolls the page as elsewhere.
 *
 * @param at - a pointer's place in the drawing
 * @param onPress - the pointer was pressed and not moved
 * @param onRectangle - told the corners of least and of largest coordinates
 */
export function dragRectangle(
  svg: SVGSVGElement,
  at: (event: PointerEvent) => [number, number],
  onPress: (event: PointerEvent) => void,
  onRectangle: (least: Point, largest: Point) => void
): void {
  let from: Point | null = null;
  const frame = svgElement("rect", {
    fill: "var(--ink)",
    "fill-opacity": 0.08,
    stroke: "var(--ink-soft)",
    "stroke-dasharray": "4 3",
    visibility: "hidden",
    "pointer-events": "none"
  });
  svg.append(frame);
  const corners = (event: PointerEvent): [Point, Point] => {
    const [[x0, y0], [x1, y1]] = [from!, at(event)];
    return [
      [Math.min(x0, x1), Math.min(y0, y1)],
      [Math.max(x0, x1), Math.max(y0, y1)]
    ];
  };
  svg.addEventListener("pointerdown", (event) => {
    if (event.pointerType === "touch" || event.button !== 0) return;
    from = at(event);
    svg.setPointerCapture(event.pointerId);
    event.preventDefault();
  });
  svg.addEventListener("pointermove", (event) => {
    if (!from) return;
    const [[x0, y0], [x1, y1]] = corners(event);
    for (const [name, value] of Object.entries({x: x0, y: y0, width: x1 - x0, height: y1 - y0, visibility: "visible"}))
      frame.setAttribute(name, String(value));
  });
  svg.addEventListener("pointerup", (event) => {
    if (!from) return onPress(event);
    const [least, largest] = corners(event);
    from = null;
    frame.setAttribute("visibility", "hidden");
    if (Math.hypot(largest[0] - least[0], largest[1] - least[1]) < PRESS) onPress(event);
    else onRectangle(least, largest);
  });
  svg.addEventListener("pointercancel", () => {
    from = null;
    frame.setAttribute("visibility", "hidden");
  });
}
