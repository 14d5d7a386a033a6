import * as Plot from "@observablehq/plot";
import {hitWeights, runningSum} from "../../enrichment/enrichmentScore.js";
import {rankGenes} from "../../enrichment/geneRanking.js";
import {matchGeneSets} from "../../enrichment/geneSetSizes.js";
import type {PathwayResult, PublishedTests} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {csvText} from "../csv.js";
import type {Figure} from "../figureFrame.js";
import {counted, formatNumber, genomicP} from "../formatting.js";
import {plotSvg} from "../plotSvg.js";

/** The running sum of one gene set over the ranking, with NES and q written on it. */
export function runningSumFigure(
  {genes, names}: PublishedTests,
  set: GeneSet,
  result: PathwayResult
): Omit<Figure, "script"> {
  const ranking = rankGenes(genes.gene, genes.t);
  const [{places}] = matchGeneSets([set], ranking, {smallest: 1, largest: genes.gene.length}).sets;
  const curve = runningSum(hitWeights(ranking), places);
  const points = Array.from(curve.place, (x, i) => ({x, y: curve.sum[i]}));
  const hits = Array.from(places, (place) => ({place, gene: ranking.genes[place]}));
  const edge = new Set(result.leadingEdge);
  return {
    draw: (width) => drawn(points, hits, edge, genes.gene.length, result, width),
    csv: () =>
      csvText(
        ["gene", "place", "statistic", "leading_edge"],
        hits.map(({gene, place}) => [gene, place + 1, ranking.statistics[place], edge.has(gene) ? "yes" : "no"])
      ),
    caption: `${result.name}: ${result.size} of its ${counted(result.named, "gene")} tested, ${result.leadingEdge.length} in the leading edge (drawn darker).`,
    note: `Genes ranked by moderated t, highest in ${names[1]} first; weight 1 (Subramanian 2005). ${Math.round(ranking.tieShare * 1000) / 10}% of the statistics are tied.`
  };
}

function drawn(
  points: readonly {x: number; y: number}[],
  hits: readonly {place: number; gene: string}[],
  edge: ReadonlySet<string>,
  genes: number,
  {name, normalisedScore, p, q}: PathwayResult,
  width: number
): SVGSVGElement {
  const values = points.map(({y}) => y);
  const [low, high] = [Math.min(0, ...values), Math.max(0, ...values)];
  const room = high - low;
  const rug = low - room * 0.06;
  const tone = normalisedScore > 0 ? "var(--tone-high)" : "var(--tone-low)";
  const words = `NES ${formatNumber(normalisedScore, 3)}, ${genomicP(p)}, ${genomicP(q, "q")}`;
  // On a narrow screen what is written above the curve takes two lines.
  const above = width < 420 ? 16 : 0;
  return plotSvg({
    width,
    height: Math.min(320, Math.max(240, width * 0.5)),
    marginLeft: 48,
    marginTop: 30 + above,
    marginBottom: 44,
    ariaLabel: `Running sum of ${name}. ${words}.`,
    x: {domain: [0, genes], label: null},
    y: {domain: [rug - room * 0.1, high + room * 0.05], label: null},
    marks: [
      Plot.axisY({ticks: 5, tickSize: 0}),
      Plot.gridY({ticks: 5, stroke: "var(--rule)", strokeOpacity: 0.6}),
      Plot.axisX({ticks: 5, tickSize: 4}),
      Plot.text(["Running sum"], {frameAnchor: "top-left", dx: -44, dy: -25 - above, fontWeight: 600}),
      Plot.text([words], {frameAnchor: "top-right", dy: -25, fontWeight: 600}),
      Plot.text(["Gene's place in the ranking"], {frameAnchor: "bottom", dy: 34}),
      Plot.ruleY([0], {stroke: "var(--ink-soft)"}),
      Plot.ruleX(hits, {
        x: "place",
        y1: rug - room * 0.1,
        y2: rug,
        stroke: (d: {gene: string}) => (edge.has(d.gene) ? tone : "var(--ink-soft)"),
        strokeOpacity: (d: {gene: string}) => (edge.has(d.gene) ? 1 : 0.45)
      }),
      Plot.lineY(points as {x: number; y: number}[], {x: "x", y: "y", stroke: tone, strokeWidth: 2})
    ]
  });
}
