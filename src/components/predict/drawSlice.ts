import type {Slice} from "../../inference/patient.js";

/** A pixel of a slice. */
export interface Pixel {
  readonly column: number;
  readonly row: number;
}

/** Bright on both greys and on the outline's halo. */
const OUTLINE = "#e8590c";

/**
 * Paints a slice over the whole canvas, and the edges of the tumour's pixels.
 *
 * @param inverted - dark for high, as PET is read
 */
export function drawSlice(canvas: HTMLCanvasElement, slice: Slice, low: number, high: number, inverted: boolean): void {
  const context = canvas.getContext("2d")!;
  const {columns, rows, values} = slice;
  const image = new ImageData(columns, rows);
  const span = high > low ? high - low : 1;
  for (let at = 0; at < values.length; at++) {
    const share = Math.min(1, Math.max(0, (values[at] - low) / span));
    const grey = 255 * (inverted ? 1 - share : share);
    image.data.set([grey, grey, grey, 255], 4 * at);
  }
  const small = new OffscreenCanvas(columns, rows);
  small.getContext("2d")!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(small, 0, 0, canvas.width, canvas.height);
  drawOutline(context, slice, canvas.width / columns, canvas.height / rows);
}

function drawOutline(context: CanvasRenderingContext2D, {columns, rows, mask}: Slice, wide: number, tall: number) {
  const inside = (column: number, row: number) =>
    column >= 0 && row >= 0 && column < columns && row < rows && mask[row * columns + column] === 1;
  const path = new Path2D();
  const edge = (x1: number, y1: number, x2: number, y2: number) => {
    path.moveTo(x1 * wide, y1 * tall);
    path.lineTo(x2 * wide, y2 * tall);
  };
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < columns; column++) {
      if (!inside(column, row)) continue;
      if (!inside(column - 1, row)) edge(column, row, column, row + 1);
      if (!inside(column + 1, row)) edge(column + 1, row, column + 1, row + 1);
      if (!inside(column, row - 1)) edge(column, row, column + 1, row);
      if (!inside(column, row + 1)) edge(column, row + 1, column + 1, row + 1);
    }
  context.lineCap = "square";
  context.strokeStyle = "#ffffff";
  context.lineWidth = 4;
  context.stroke(path);
  context.strokeStyle = OUTLINE;
  context.lineWidth = 2;
  context.stroke(path);
}

/** Where Enter would pick. */
export function drawCrosshair(canvas: HTMLCanvasElement, {columns, rows}: Slice, {column, row}: Pixel): void {
  const context = canvas.getContext("2d")!;
  const x = ((column + 0.5) / columns) * canvas.width;
  const y = ((row + 0.5) / rows) * canvas.height;
  const path = new Path2D();
  for (const [dx, dy] of [
    [1, 0],
    [-1, 0],
    [0, 1],
    [0, -1]
  ]) {
    // prettier-ignore
    path.moveTo(x + 6 * dx, y + 6 * dy);
    path.lineTo(x + 18 * dx, y + 18 * dy);
  }
  context.strokeStyle = "#ffffff";
  context.lineWidth = 4;
  context.stroke(path);
  context.strokeStyle = "#1864ab";
  context.lineWidth = 2;
  context.stroke(path);
}
