import {area as areaPath, line as linePath, scaleLinear, scaleLog} from "d3";
import type {Endpoint} from "../../cohort/description.js";
import type {TreatmentEffectCurve} from "../../survival/treatmentEffectCurve.js";
import {endpointCsv} from "../csv.js";
import {shape} from "../drawing.js";
import type {Shape} from "../drawing.js";
import {formatInterval, formatNumber, formatP} from "../formatting.js";
import type {PatientPlaces} from "../patientPoints.js";
import {
  bottomAxis,
  leftAxis,
  levelGrid,
  levelLine,
  picture,
  pixels,
  ratioTicks,
  topLabel,
  uprightLine
} from "../plotAxes.js";
import type {Place, PlotArea} from "../plotAxes.js";
import {scoreQuantiles, scoresBetween} from "./scoredPatients.js";
import type {ScoredPatients} from "./scoredPatients.js";

/** What the plot needs besides the curve. */
export interface MarkerContext {
  readonly treatment: string;
  /** Untreated, treated. */
  readonly groups: readonly [string, string];
  readonly scoreLabel: string;
  /** Where high risk begins. */
  readonly cut: number | null;
  /** Drawn as a rug. */
  readonly patients: ScoredPatients;
  /** Id of a patient; asked for where one is picked, since a large cohort's ids take long to read. */
  readonly patient: (row: number) => string;
}

/** Patients drawn in a rug at most; more are thinned evenly. */
const RUG = 400;

/** Hazard ratio of treatment along the risk score with its pointwise band, on a log axis; rugs show where patients are. */
export function markerByTreatmentPlot(curve: TreatmentEffectCurve, context: MarkerContext, width: number): Shape {
  const points = Array.from(curve.score, (score, k): EffectPoint => ({
    score,
    ratio: curve.hazardRatio[k],
    lower: Math.max(0.02, curve.lower[k]),
    upper: Math.min(50, curve.upper[k])
  }));
  const low = Math.min(0.5, ...points.map((p) => Math.max(p.lower, 0.05)));
  const high = Math.max(2, ...points.map((p) => Math.min(p.upper, 20)));
  const {height, area, x} = placesOf(curve, width);
  const y = scaleLog([low, high], [area.bottom, area.top]).clamp(true);
  const scores = Math.max(3, Math.floor(width / 90));
  const ratios = ratioTicks(low, high);
  const soft = (top: number, words: string) =>
    shape("text", {x: area.left + 6, y: top, fill: "var(--ink-soft)", "font-size": 11.5}, words);
  return picture(
    width,
    height,
    markerSummary(curve, context),
    topLabel(`Hazard ratio of ${context.treatment}`),
    levelGrid(ratios, y, area),
    leftAxis(ratios, y, area),
    bottomAxis(x.ticks(scores), x, area, x.tickFormat(scores)),
    shape("text", {x: (area.left + area.right) / 2, y: height - 9, "text-anchor": "middle"}, `${context.scoreLabel} →`),
    effectBand(points, x, y),
    levelLine(y(1), area),
    riskCut(context.cut, x, area),
    effectLine(points, x, y),
    soft(area.top + 17, "↑ higher hazard when treated"),
    soft(area.bottom - 27, "↓ lower hazard when treated"),
    scoresBetween(context.patients, ...reach(curve), RUG).map(({score}, g) => rug(score, x, rugTop(area, g), g === 1))
  );
}

function placesOf({score}: TreatmentEffectCurve, width: number) {
  const height = Math.min(400, Math.max(300, width * 0.5));
  const area: PlotArea = {left: 56, right: width - 16, top: 30, bottom: height - 58};
  return {height, area, x: scaleLinear([score[0], score[score.length - 1]], [area.left, area.right])};
}

const RUG_HEIGHT = 6;
const rugTop = ({bottom}: PlotArea, group: number) => bottom + 22 + group * 8;

/** Scores that the curve reaches. */
const reach = ({score}: TreatmentEffectCurve) => [score[0], score[score.length - 1]] as const;

/** Where the patients of the rugs are, those between its ticks too. */
export function markerPoints(
  curve: TreatmentEffectCurve,
  {patients, patient, scoreLabel, groups}: MarkerContext,
  width: number
): PatientPlaces {
  const {area, x} = placesOf(curve, width);
  const [untreated, treated] = scoresBetween(patients, ...reach(curve));
  const n = untreated.row.length;
  const [across, down] = [0, 0].map(() => new Float32Array(n + treated.row.length));
  [untreated, treated].forEach(({score}, g) => {
    const from = g * n;
    for (let k = 0; k < score.length; k++) across[from + k] = x(score[k]);
    down.fill(rugTop(area, g) + RUG_HEIGHT / 2, from, from + score.length);
  });
  const at = (k: number) => (k < n ? ([untreated, 0, k] as const) : ([treated, 1, k - n] as const));
  return {
    x: across,
    y: down,
    patient: (k) => {
      const [{row}, , own] = at(k);
      return patient(row[own]);
    },
    words: (k) => {
      const [{score}, g, own] = at(k);
      return `${groups[g]}, ${scoreLabel} ${formatNumber(score[own], 3)}`;
    }
  };
}

interface EffectPoint {
  readonly score: number;
  readonly ratio: number;
  readonly lower: number;
  readonly upper: number;
}

function effectBand(points: readonly EffectPoint[], x: Place, y: Place): Shape {
  const write = areaPath<EffectPoint>()
    .x(({score}) => x(score))
    .y0(({lower}) => y(lower))
    .y1(({upper}) => y(upper))
    .digits(1);
  return shape("path", {d: write(points), fill: "var(--tone-1)", "fill-opacity": 0.18});
}

function effectLine(points: readonly EffectPoint[], x: Place, y: Place): Shape {
  const write = linePath<EffectPoint>(
    ({score}) => x(score),
    ({ratio}) => y(ratio)
  ).digits(1);
  return shape("path", {d: write(points), fill: "none", stroke: "var(--tone-1)", "stroke-width": 2.5});
}

/** Where high risk begins, with the names of both sides; nothing where that lies outside. */
function riskCut(cut: number | null, x: Place, area: PlotArea): Shape | null {
  if (cut === null || !(x(cut) > area.left && x(cut) < area.right)) return null;
  const at = x(cut);
  const side = (risk: "low" | "high", dx: number) => {
    const look = {fill: `var(--tone-${risk})`, "font-weight": 600, "text-anchor": dx < 0 ? "end" : "start"};
    return shape("text", {...look, x: pixels(at + dx), y: area.bottom - 9}, `${risk} risk`);
  };
  return shape("g", {}, uprightLine(at, area, {"stroke-dasharray": "3,3"}), side("low", -5), side("high", 5));
}

/** Ticks below the axis, one a patient: untreated above, treated below them. */
function rug(scores: Float64Array, x: Place, top: number, treated: boolean): Shape {
  const d = Array.from(scores, (s) => `M${pixels(x(s))},${top}v${RUG_HEIGHT}`).join("");
  return shape("path", {d, stroke: treated ? "var(--tone-1)" : "var(--tone-4)", "stroke-opacity": 0.7});
}

/** The figure in words, for those who do not see it. */
export function markerSummary(
  curve: TreatmentEffectCurve,
  {treatment, groups: [untreated], scoreLabel, patients}: MarkerContext
): string {
  const shares = [0.1, 0.5, 0.9];
  const scores = scoreQuantiles(patients, shares);
  const said = shares.map((share, s) => {
    const k = nearest(curve.score, scores[s]);
    const name = share === 0.5 ? "the median" : `the ${share * 100}% quantile`;
    return `at ${name} (${formatNumber(curve.score[k], 3)}) ${formatInterval(curve.hazardRatio[k], curve.lower[k], curve.upper[k])}`;
  });
  const {interaction} = curve;
  return `Hazard ratio of ${treatment} to ${untreated} along the ${scoreLabel}: ${said.join("; ")}. Test that it is the same at every score: χ² = ${interaction.statistic.toFixed(2)} on ${interaction.df} df, ${formatP(interaction.p)}.`;
}

function nearest(ascending: Float64Array, value: number): number {
  let best = 0;
  for (let k = 1; k < ascending.length; k++)
    if (Math.abs(ascending[k] - value) < Math.abs(ascending[best] - value)) best = k;
  return best;
}

/** Columns of the CSV. */
export const markerHeader = ["risk_score", "hazard_ratio", "lower", "upper"];

export function markerCsv({score, hazardRatio, lower, upper}: TreatmentEffectCurve, endpoint: Endpoint): string {
  return endpointCsv(
    endpoint,
    markerHeader,
    Array.from(score, (s, k) => [s, hazardRatio[k], lower[k], upper[k]])
  );
}
