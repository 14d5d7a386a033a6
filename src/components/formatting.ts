/** Below this a p or q is a bound in a sentence, and a power of ten in tables, genomics and tooltips. */
const SMALL = 1e-4;

/** p in a sentence: "p < 0.0001", "p = 0.00042", "p = 0.34"; never 0.00. */
export function formatP(p: number): string {
  if (Number.isNaN(p)) return "p not available";
  if (p < SMALL) return "p < 0.0001";
  if (p > 0.995) return "p > 0.99";
  return `p = ${p.toPrecision(2)}`;
}

/** The same without its letter, where a heading or the sentence has that: "< 0.0001", "0.34". */
export const columnP = (p: number): string => formatP(p).replace(/^p (= )?/, "");

/** p with its power of ten, for a tooltip: "p = 1.2e-40". */
export function exactP(p: number): string {
  if (p === 0) return "p < 1e-300";
  return Number.isNaN(p) ? "p not available" : `p = ${p < SMALL ? p.toExponential(1) : p.toPrecision(4)}`;
}

/** A p or q on its own, as in a table: "0.03", "1.2e-40". */
export const bareP = (p: number): string =>
  Number.isNaN(p) ? "–" : p === 0 ? "< 1e−300" : p < SMALL ? p.toExponential(1).replace("-", "−") : p.toPrecision(2);

/** p or q of one of many tests, where its size matters: "q = 0.03", "p = 1.2e−40", "p < 1e−300". */
export const genomicP = (p: number, letter: "p" | "q" = "p"): string =>
  Number.isNaN(p) ? `${letter} not available` : `${letter} ${p === 0 ? "" : "= "}${bareP(p)}`;

/** A correlation with two decimals and a true minus. */
export const formatCorrelation = (r: number): string =>
  Number.isNaN(r)
    ? "–"
    : r
        .toFixed(2)
        .replace(/^-0\.00$/, "0.00")
        .replace("-", "−");

/** Two decimals below 10, three figures above. */
export function formatRatio(value: number): string {
  if (Number.isNaN(value)) return "–";
  if (value >= 1e4 || (value > 0 && value < 1e-3)) return value.toExponential(1);
  return value < 10 ? value.toFixed(2) : value.toPrecision(3);
}

/** "4.56 (95% CI 2.80–7.42)" */
export function formatInterval(estimate: number, lower: number, upper: number, format = formatRatio): string {
  return `${format(estimate)} (95% CI ${format(lower)}–${format(upper)})`;
}

/** "61%", or "61.3%" with a decimal. */
export function formatPercent(share: number, decimals = 0): string {
  return Number.isNaN(share) ? "–" : `${(100 * share).toFixed(decimals)}%`;
}

/** Made once: each costs more than all the numbers of a figure. */
const counts = new Intl.NumberFormat("en-US", {maximumFractionDigits: 2});

/** "12,345" */
export function formatCount(n: number): string {
  return counts.format(n);
}

/** Three figures, or whole above 1000; "not reached" where a curve does not come so low. */
export function formatTime(time: number): string {
  if (Number.isNaN(time)) return "not reached";
  return String(time < 1000 ? Number(time.toPrecision(3)) : Math.round(time));
}

/** A number of any size in four figures, with a proper minus. */
export function formatNumber(value: number, figures = 4): string {
  return Number.isNaN(value) ? "–" : String(Number(value.toPrecision(figures))).replace("-", "−");
}

/** "1 patient", "2 patients" */
export function counted(n: number, one: string, many = `${one}s`): string {
  return `${formatCount(n)} ${n === 1 ? one : many}`;
}

export {perYear} from "../cohort/timeUnit.js";
