import type {Nomogram, NomogramAxis} from "../../survival/nomogramPoints.js";

/** A patient's values by variable: a number, or a level. */
export type PatientValues = Readonly<Record<string, number | string>>;

/** Steps of the arrow keys along a numeric axis. */
const STEPS = 50;
/** Steps that Page Up and Page Down take at once. */
const PAGE = 10;

/** The value whose points are nearest: a level, one of few distinct values, or any number rounded to the axis's grain. */
export function valueAtEffect(nomogram: Nomogram, variable: string, points: number): number | string {
  const axis = axisOf(nomogram, variable);
  const nearest = nearestTick(axis, points);
  const [a, b] = [axis.at[0], axis.at[axis.at.length - 1]];
  const term = nomogram.model.terms[variable];
  if (typeof a !== "number" || typeof b !== "number" || term.kind !== "linear" || isDistinct(axis, term.values))
    return nearest;
  const [from, to] = [axis.points[0], axis.points[axis.points.length - 1]];
  const share = Math.min(1, Math.max(0, (points - from) / (to - from)));
  return rounded(a + share * (b - a), b - a);
}

/** The value a key leads to; null if the key does nothing here. */
export function stepped(
  nomogram: Nomogram,
  variable: string,
  value: number | string,
  key: string
): number | string | null {
  const axis = axisOf(nomogram, variable);
  const {at} = axis;
  const term = nomogram.model.terms[variable];
  const move = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE, PageDown: -PAGE}[key];
  if (key === "Home") return at[0];
  if (key === "End") return at[at.length - 1];
  if (move === undefined) return null;
  if (typeof value !== "number" || (term.kind === "linear" && isDistinct(axis, term.values))) {
    const now = at.indexOf(value);
    return at[Math.min(at.length - 1, Math.max(0, now + Math.sign(move)))];
  }
  const [low, high] = [at[0] as number, at[at.length - 1] as number];
  const next = value + (move * (high - low)) / STEPS;
  return rounded(Math.min(high, Math.max(low, next)), high - low);
}

/** A numeric axis whose ticks are all the values there are. */
function isDistinct({at}: NomogramAxis, values: ArrayLike<number>): boolean {
  return at.length > 2 && at.length === values.length;
}

function nearestTick({at, points}: NomogramAxis, wanted: number): number | string {
  let best = 0;
  points.forEach((p, i) => {
    if (Math.abs(p - wanted) < Math.abs(points[best] - wanted)) best = i;
  });
  return at[best];
}

function axisOf(nomogram: Nomogram, variable: string): NomogramAxis {
  return nomogram.terms.find(({name}) => name === variable)!;
}

/** To a hundredth of the range in round figures, so that a dragged age is 52 and not 52.0317. */
function rounded(value: number, range: number): number {
  const grain = 10 ** Math.floor(Math.log10(Math.abs(range) / 50));
  return Number((Math.round(value / grain) * grain).toPrecision(12));
}
