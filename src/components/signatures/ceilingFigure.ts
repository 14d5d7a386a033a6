import * as Plot from "@observablehq/plot";
import type {Judged, TrainingLog} from "../../cohort/trainingLog.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {formatCount} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";

const CEILING = "true heterogeneity";
const TRAINED = "trained network";

/** C of the trained network, of what it has to beat, and of what generated the images, by set of patients. */
export function ceilingFigure({comparison, model}: TrainingLog): Figure {
  const {judged, correlations} = comparison;
  const known = judged.some(({signature}) => signature === CEILING);
  const name = model.modality.toUpperCase();
  return {
    draw: (width) => drawn(judged, name, width),
    csv: () =>
      csvText(
        ["patients", "score", "n", "events", "concordance", "lower", "upper", "correlation_with_truth"],
        judged.map(({set, signature, n, events, concordance, lower, upper}) => [
          set,
          signature,
          n,
          events,
          concordance,
          lower,
          upper,
          correlations.find((c) => c.set === set && c.signature === signature)?.r ?? null
        ])
      ),
    caption: [...setsOf(judged).map((set) => distanceWords(judged, set)), known ? "" : "Nobody knows the ceiling of this study's images."].filter(Boolean).join(" "), // prettier-ignore
    note: `Harrell's C with its 95% interval, by the training run; a higher score means a higher risk. Training patients are scored by networks trained without them.${known ? " The true heterogeneity generated the images and acts on the hazard; known because the cohort is synthetic, it is the highest C an image can earn beyond chance." : ""}`,
    script: {none: "the training run computed it; its log is in the CSV and in the model's card."}
  }; // prettier-ignore
}

const setsOf = (judged: readonly Judged[]) => [...new Set(judged.map(({set}) => set))];

/** How far the trained network is from the ceiling in a set. */
export function distanceWords(judged: readonly Judged[], set: string): string {
  const of = (name: string) => judged.find((one) => one.set === set && one.signature === name);
  const [trained, ceiling] = [of(TRAINED), of(CEILING)];
  if (!trained) return "";
  const whom = `${set[0].toUpperCase()}${set.slice(1)} (n = ${formatCount(trained.n)}, ${formatCount(trained.events)} events)`;
  const own = `C ${trained.concordance.toFixed(3)}`;
  if (!ceiling) return `${whom}: ${own}.`;
  const gap = ceiling.concordance - trained.concordance;
  const where = gap >= 0 ? `${gap.toFixed(3)} below` : `${(-gap).toFixed(3)} above`;
  const chance = gap < 0 ? ", by chance" : "";
  return `${whom}: ${own}, ${where} the ceiling of ${ceiling.concordance.toFixed(3)}${chance}.`;
}

function drawn(judged: readonly Judged[], name: string, width: number): SVGSVGElement {
  const sets = setsOf(judged);
  const signatures = [...new Set(judged.map(({signature}) => signature))];
  const words = judged
    .map(({set, signature, concordance, lower, upper}) => `${set}, ${signature}: C ${concordance.toFixed(3)} (${lower.toFixed(3)} to ${upper.toFixed(3)})`)
    .join("; "); // prettier-ignore
  const tone = (signature: string) =>
    signature === TRAINED ? "var(--tone-3)" : signature === CEILING ? "var(--tone-0)" : "var(--tone-4)";
  const narrow = width < 520;
  return plotSvg({
    width,
    height: sets.length * (signatures.length * 24 + 40) + 46,
    marginLeft: narrow ? 118 : 140,
    marginRight: narrow ? 50 : 150,
    marginTop: 26,
    marginBottom: 40,
    ariaLabel: `${name}: ${words}.`,
    x: {label: "Concordance (Harrell's C)", labelAnchor: "center", nice: true, grid: true, ticks: narrow ? 4 : 8},
    y: {label: null, domain: signatures},
    fy: {label: null, domain: sets, axis: null, padding: 0.2},
    marks: [
      Plot.ruleX([0.5], {stroke: "var(--ink-soft)", strokeDasharray: "3 3"}),
      Plot.text(sets, {
        fy: (set: string) => set,
        frameAnchor: "top-left",
        dx: narrow ? -112 : -134,
        dy: -15,
        fontWeight: 600,
        fill: "var(--ink)",
        text: (set: string) => `${set[0].toUpperCase()}${set.slice(1)}`
      }),
      Plot.ruleY(judged, {fy: "set", y: "signature", x1: "lower", x2: "upper", stroke: (d: Judged) => tone(d.signature), strokeWidth: 2}), // prettier-ignore
      Plot.dot(judged, {fy: "set", y: "signature", x: "concordance", r: 5, fill: (d: Judged) => tone(d.signature)}),
      Plot.text(judged, {
        fy: "set",
        y: "signature",
        frameAnchor: "right",
        textAnchor: "start",
        dx: 8,
        fill: "var(--ink)",
        text: ({concordance, lower, upper}: Judged) =>
          narrow ? concordance.toFixed(3) : `${concordance.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`
      })
    ]
  });
}
