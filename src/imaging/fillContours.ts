import type {PlanarContour} from "./rtStruct.js";
import type {Volume} from "./volume.js";

/** Contours so near are of one plane, in slices: they are written with few digits. */
const samePlane = 0.02;

/**
 * Fills contours: 1 where a voxel's centre lies within an odd number of a plane's contours.
 *
 * @param contours - in voxel coordinates; slices need not be whole
 * @returns i + nx (j + ny k), 0 and 1
 */
export function fillContours(contours: readonly PlanarContour[], dims: Volume["dims"]): Float32Array {
  const [nx, ny, nz] = dims;
  const data = new Float32Array(nx * ny * nz);
  const planes = groupByPlane(contours);
  const gaps = planes.slice(1).map((plane, k) => plane.slice - planes[k].slice);
  const usual = [...gaps].sort((a, b) => a - b)[Math.floor(gaps.length / 2)] ?? 1;
  // A hair above half, so that a slice midway between two planes is not lost to rounding.
  const reach = 0.5 * Math.max(1, usual) + 1e-3;
  if (planes.length === 0) return data;
  let nearest = 0;
  for (let slice = 0; slice < nz; slice++) {
    const off = (plane: number) => Math.abs(planes[plane].slice - slice);
    while (nearest + 1 < planes.length && off(nearest + 1) < off(nearest)) nearest++;
    if (off(nearest) > reach) continue;
    for (const {points} of planes[nearest].contours) {
      toggle(points, data.subarray(slice * nx * ny, (slice + 1) * nx * ny), nx, ny);
    }
  }
  return data;
}

interface Plane {
  readonly slice: number;
  readonly contours: readonly PlanarContour[];
}

function groupByPlane(contours: readonly PlanarContour[]): Plane[] {
  const planes: {slice: number; contours: PlanarContour[]}[] = [];
  for (const contour of [...contours].sort((a, b) => a.slice - b.slice)) {
    const last = planes.at(-1);
    if (last && contour.slice - last.slice < samePlane) last.contours.push(contour);
    else planes.push({slice: contour.slice, contours: [contour]});
  }
  return planes;
}

/** Turns over every pixel whose centre lies within the polygon, row by row between its crossings (even-odd rule). */
function toggle(points: PlanarContour["points"], pixels: Float32Array, nx: number, ny: number): void {
  const rows = points.map(([, row]) => row);
  const first = Math.max(0, Math.ceil(lowest(rows)));
  const last = Math.min(ny - 1, Math.floor(-lowest(rows.map((row) => -row))));
  for (let row = first; row <= last; row++) {
    const crossings: number[] = [];
    for (let k = 0; k < points.length; k++) {
      const [[x0, y0], [x1, y1]] = [points[k], points[(k + 1) % points.length]];
      // Half open, so that a corner on the row counts once.
      if (y0 <= row === y1 <= row) continue;
      crossings.push(x0 + ((row - y0) / (y1 - y0)) * (x1 - x0));
    }
    crossings.sort((a, b) => a - b);
    for (let k = 0; k + 1 < crossings.length; k += 2) {
      const from = Math.max(0, Math.ceil(crossings[k]));
      for (let column = from; column < nx && column < crossings[k + 1]; column++) {
        pixels[row * nx + column] = 1 - pixels[row * nx + column];
      }
    }
  }
}

/** Not by spreading: a contour may have more points than a call takes arguments. */
const lowest = (values: readonly number[]) => values.reduce((least, value) => Math.min(least, value), Infinity);
