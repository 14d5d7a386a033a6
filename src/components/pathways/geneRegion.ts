import {EnrichmentInputError} from "../../enrichment/enrichmentInputError.js";
import {overRepresentation} from "../../enrichment/overRepresentation.js";
import type {PublishedTests} from "../../enrichment/publishedPathways.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {counted, bareP, formatNumber} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {setLabel} from "./pathwayDots.js";

/** A rectangle of the volcano: log₂ fold change and −log₁₀ p, ends included. */
export interface Region {
  /** Of the change's size, its sign left out, where `either`. */
  readonly change: readonly [number, number];
  readonly either?: boolean;
  readonly strength: readonly [number, number];
}

/** Genes within a rectangle, strongest first. */
export function genesWithin({genes}: PublishedTests, {change, either, strength}: Region): string[] {
  const within = genes.gene.flatMap((_, i) => {
    const y = -Math.log10(Math.max(genes.p[i], 1e-300));
    const x = either ? Math.abs(genes.logFoldChange[i]) : genes.logFoldChange[i];
    return x >= change[0] && x <= change[1] && y >= strength[0] && y <= strength[1] ? [i] : [];
  });
  return within.sort((a, b) => genes.p[a] - genes.p[b] || a - b).map((i) => genes.gene[i]);
}

const SETS_SHOWN = 8;
const GENES_SHOWN = 40;

/** What the chosen genes have in common: their names, and the sets that hold more of them than chance would bring. */
export function geneRegion(
  study: string,
  tests: PublishedTests,
  sets: readonly GeneSet[],
  chosen: readonly string[],
  onGene: (gene: string) => void
): HTMLElement {
  const head = element("h3", {}, `${counted(chosen.length, "gene")} chosen`);
  if (chosen.length === 0) return element("div", {class: "gene-region"}, head);
  const more = chosen.length - GENES_SHOWN;
  const parts: (HTMLElement | string)[] = [
    head,
    element(
      "div",
      {class: "chips"},
      chosen
        .slice(0, GENES_SHOWN)
        .map((gene) => element("button", {type: "button", onclick: () => onGene(gene)}, gene)),
      more > 0 && element("span", {}, `and ${more} more`)
    ),
    element(
      "p",
      {class: "downloads"},
      element(
        "button",
        {
          type: "button",
          onclick: () => download(chosen.map((gene) => `${gene}\n`).join(""), `${study}-chosen-genes.txt`)
        },
        "List of genes"
      )
    )
  ];
  try {
    const {sets: found, notTested} = overRepresentation(sets, chosen, tests.genes.gene);
    const best = [...found].sort((a, b) => a.p - b.p || b.foldEnrichment - a.foldEnrichment).slice(0, SETS_SHOWN);
    parts.push(
      element("h3", {}, "Sets that hold more of them than chance would bring"),
      plainTable(
        "Over-representation of gene sets among the chosen genes",
        ["Gene set", "genes", "expected", "p", "q"],
        best.map((set) => [
          setLabel(set.name),
          `${set.overlap.length} of ${set.size}`,
          formatNumber(set.expected, 2),
          bareP(set.p),
          bareP(set.adjustedP)
        ])
      ),
      element(
        "p",
        {class: "note-line"},
        `Hypergeometric test against the ${counted(tests.genes.gene.length, "gene")} tested; q: Benjamini–Hochberg over ${counted(found.length, "set")}${notTested.length > 0 ? `; ${notTested.length} outside the size limits` : ""}. A test of genes chosen by their differences; GSEA, which chooses none, is beside it.`
      )
    );
  } catch (error) {
    if (!(error instanceof EnrichmentInputError)) throw error;
    parts.push(element("p", {}, error.message));
  }
  return element("div", {class: "gene-region"}, ...parts);
}

/** The same choice by numbers, for those who do not drag. */
export function regionControls(onRegion: (region: Region) => void): HTMLElement {
  const number = (name: string, value: number, step: number) =>
    element("input", {
      type: "number",
      name,
      value,
      step,
      min: 0,
      onkeydown: (event) => (event as KeyboardEvent).key === "Enter" && choose()
    });
  const [change, p] = [number("least-change", 0.5, 0.1), number("largest-p", 0.01, 0.001)];
  const sides = element(
    "select",
    {name: "side"},
    [
      ["both", "either way"],
      ["up", "higher"],
      ["down", "lower"]
    ].map(([value, label]) => element("option", {value}, label))
  );
  const choose = () => {
    const least = Math.abs(Number(change.value));
    onRegion({
      change: sides.value === "down" ? [-Infinity, -least] : [least, Infinity],
      either: sides.value === "both",
      strength: [-Math.log10(Math.max(Number(p.value), 1e-300)), Infinity]
    });
  };
  return element("form", {class: "row-controls", onsubmit: (event) => event.preventDefault()}, [
    element("label", {}, element("span", {}, "Genes that are"), sides),
    element("label", {}, element("span", {}, "by at least (log₂)"), change),
    element("label", {}, element("span", {}, "with p up to"), p),
    element("button", {type: "button", onclick: choose}, "Choose these genes")
  ]);
}
