import type {Cohort} from "../../cohort/readCohort.js";
import {selectionWords} from "../../cohort/selectionWords.js";
import {EnrichmentInputError} from "../../enrichment/enrichmentInputError.js";
import type {PathwayResult, PublishedPathways, PublishedTests} from "../../enrichment/publishedPathways.js";
import {writeGmt} from "../../enrichment/readGeneSets.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {emptyFigure, figureFrame} from "../figureFrame.js";
import {counted} from "../formatting.js";
import {remarkList} from "../remarkList.js";
import {selectedPatients} from "../selectedPatients.js";
import {enrichmentScript} from "../rScript/enrichmentScript.js";
import {limmaNeeds, limmaScript} from "../rScript/limmaScript.js";
import type {FigureScript} from "../rScript/rScript.js";
import type {ScriptData} from "../rScript/scriptData.js";
import {comparisonControls} from "./comparisonControls.js";
import type {DrawnGroups} from "./comparisonControls.js";
import {expressionTsv, groupsTsv, publishedGroup} from "./comparisonFiles.js";
import {correlationMap} from "./correlationMap.js";
import {enrichmentInWorker} from "./enrichmentInWorker.js";
import type {RunningEnrichment} from "./enrichmentInWorker.js";
import {byPatient, drawnExpression, expressionUnits, readExpression, samplesOf, setScores} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";
import {geneFigure} from "./geneFigure.js";
import {geneRegion, genesWithin, regionControls} from "./geneRegion.js";
import type {Region} from "./geneRegion.js";
import {heatMapFigure} from "./heatMapFigure.js";
import {pathwayDots, setLabel, setsDrawn} from "./pathwayDots.js";
import {runningSumFigure} from "./runningSumFigure.js";
import {splitFigure} from "./splitFigure.js";
import {survivalByFeature} from "./survivalByFeature.js";
import {volcanoFigure} from "./volcanoPlot.js";

/** What the page is made from; the matrix is fetched after the first figures. */
export interface PathwaysInput {
  readonly published: PublishedPathways;
  readonly sets: readonly GeneSet[];
  readonly expression: () => Promise<ArrayBuffer>;
}

/**
 * Genes and gene sets that differ between the risk groups, tied back to patients and curves.
 *
 * The element's data attribute "state" says "published", "running", "recomputed" or "refused".
 */
export function pathwaysPage(cohort: Cohort, {published, sets, expression}: PathwaysInput): HTMLElement {
  const {study} = cohort;
  const {kind} = published;
  if (kind === null) return element("p", {}, published.reason ?? "This study has no gene expression.");
  const root = element("div", {class: "pathways-page", "data-state": "published"});
  const {head, selected} = selectedPatients(
    cohort,
    "A comparison says itself whom it was made of; expression, heat map, curves, correlations and Cox models are of the selected patients who have gene expression.",
    root,
    (now) => {
      ({selection, rows, restricted} = now);
      follow();
    }
  );
  let {selection, rows, restricted} = selected;
  let tests: PublishedTests | null = published.tests;
  let gene: string | null = null;
  let set: string | null = tests?.pathways[0]?.name ?? null;
  let data: ExpressionData | null = null;
  /** Of the selected patients. */
  let own: ExpressionData | null = null;
  let group: Int8Array | null = null;
  let running: RunningEnrichment | null = null;
  if (tests) gene = strongestGene(tests);
  const findings = element("div", {});
  const status = element("p", {class: "status comparison-status", role: "status"});
  const said = element("div", {});
  const volcano = figureFrame("Genes", `${study.id}-genes`);
  const dots = figureFrame("Gene sets", `${study.id}-gene-sets`);
  const sum = figureFrame("Running sum", `${study.id}-running-sum`);
  const expressionFrame = figureFrame("Expression by group", `${study.id}-gene`);
  const heat = figureFrame("Leading edge in the patients", `${study.id}-leading-edge`);
  const [setCurve, geneCurve, correlations, edge, region] = Array.from({length: 5}, () => element("div", {}));
  let byScore = false;
  const patientOrder = element(
    "select",
    {
      name: "patient-order",
      onchange: () => {
        byScore = patientOrder.value === "score";
        if (set) showSet(set);
      }
    },
    element("option", {value: "cluster"}, "by likeness"),
    element("option", {value: "score"}, "by risk score")
  );
  const progress = element("progress", {max: 1, value: 0, hidden: true, "aria-label": "How far the comparison is"});
  const setTitle = element("h2", {});
  const geneTitle = element("h2", {});
  const list = element("datalist", {id: "genes-tested"});
  const search = element("input", {
    type: "text",
    name: "gene",
    list: list.id,
    autocomplete: "off",
    onchange: () => {
      const wanted = search.value.trim().toUpperCase();
      const found = tests?.genes.gene.find((g) => g.toUpperCase() === wanted);
      searchSaid.textContent = found || wanted === "" ? "" : `"${search.value.trim()}" was not tested.`;
      if (found) showGene(found);
    }
  });
  const searchSaid = element("small", {role: "status"});
  const cancel = element("button", {type: "button", hidden: true, onclick: () => stop()}, "Cancel");

  const genesOf = (name: string) => sets.find((one) => one.name === name)?.genes ?? [];
  /** By sample: 1, 0, or −1 for neither group. */
  const groupsNow = (now: ExpressionData) => group ?? publishedGroup(cohort, now, published);
  const repeatedByLimma = (now: PublishedTests): FigureScript => {
    if (!data) return {none: "the gene expression is still on its way."};
    const [matrix, sides] = [data, groupsNow(data)];
    const files = () => ({
      expression: expressionTsv(matrix),
      groups: groupsTsv(matrix, sides, now.names),
      sets: writeGmt(sets)
    });
    return {needs: limmaNeeds(kind), write: (file) => limmaScript(study, kind, now, files(), file)};
  };

  const showRegion = (wanted: Region) => {
    if (tests) region.replaceChildren(geneRegion(study.id, tests, sets, genesWithin(tests, wanted), showGene));
  };
  const showGene = (next: string) => {
    gene = next;
    if (tests) {
      const now = tests;
      const figure = volcanoFigure(now, gene, {onGene: showGene, onRegion: showRegion});
      volcano.show({...figure, script: repeatedByLimma(now)});
    }
    geneTitle.textContent = `Gene: ${gene}`;
    if (!own) return;
    const who = selectionWords(study, selection);
    expressionFrame.show(geneFigure(cohort, own, gene, published.compared?.variable ?? null, who));
    const variable = {
      id: "gene_expression",
      label: gene,
      type: "numeric",
      units: expressionUnits(kind),
      origin: "measured"
    } as const;
    geneCurve.replaceChildren(
      splitFigure(cohort, selection, variable, byPatient(own, drawnExpression(own, gene), cohort.n))
    );
  };
  const showSet = (next: string) => {
    set = next;
    if (!tests) return;
    const now = tests;
    const repeatedFor = (shown: readonly PathwayResult[]) => ({
      write: (file: ScriptData) => enrichmentScript(study, now, shown, genesOf, file)
    });
    dots.show({...pathwayDots(tests, set, showSet), script: repeatedFor(setsDrawn(tests))});
    const result = tests.pathways.find(({name}) => name === set);
    const genes = sets.find(({name}) => name === set);
    if (!result || !genes) return;
    setTitle.textContent = `Gene set: ${setLabel(set)}`;
    sum.show({...runningSumFigure(tests, genes, result), script: repeatedFor([result])});
    edge.replaceChildren(
      element("h3", {}, "Leading edge"),
      element(
        "div",
        {class: "chips"},
        result.leadingEdge
          .slice(0, CHIPS)
          .map((g) => element("button", {type: "button", onclick: () => showGene(g)}, g)),
        result.leadingEdge.length > CHIPS && element("span", {}, `and ${result.leadingEdge.length - CHIPS} more`)
      )
    );
    if (!own) return;
    const variable = {
      id: "set_score",
      label: `score of ${setLabel(set)}`,
      type: "numeric",
      origin: "measured"
    } as const;
    const who = selectionWords(study, selection);
    heat.show(heatMapFigure(cohort, own, result.leadingEdge, {byScore, who, onGene: showGene}));
    const scores = byPatient(own, setScores(own, genes.genes), cohort.n);
    setCurve.replaceChildren(splitFigure(cohort, selection, variable, scores));
  };
  const showAll = () => {
    said.replaceChildren(
      remarkList([...(tests?.warnings ?? []), ...(published.reason && !tests ? [published.reason] : [])])
    );
    list.replaceChildren(...(tests?.genes.gene ?? []).slice(0, 5000).map((value) => element("option", {value})));
    findings.hidden = !tests;
    if (!tests) return;
    gene ??= strongestGene(tests);
    if (gene) showGene(tests.genes.gene.includes(gene) ? gene : tests.genes.gene[0]);
    if (tests.pathways.length > 0)
      showSet(tests.pathways.some(({name}) => name === set) ? set! : tests.pathways[0].name);
    region.replaceChildren();
    if (own) correlations.replaceChildren(correlationMap(cohort, own, sets, tests.pathways, selectionWords(study, selection))); // prettier-ignore
  };
  const tell = (state: string, text: string) => {
    root.dataset.state = state;
    status.textContent = text;
    cancel.hidden = progress.hidden = state !== "running";
  };
  const stop = () => {
    running?.cancel();
    running = null;
    tell(
      group ? "recomputed" : "published",
      `The comparison was stopped; ${tests ? `shown is still ${tests.names[1]} against ${tests.names[0]}` : "there is none to show"}.`
    );
  };
  /** The matrix of the selected patients, or in place of its figures why there is none. */
  const take = (all: ExpressionData) => {
    const chosen = samplesOf(all, rows);
    own = chosen.rows.length >= FEWEST ? chosen : null;
    if (own) return;
    const reason = `${chosen.rows.length === 0 ? "No selected patient has" : `Only ${counted(chosen.rows.length, "selected patient")} with`} gene expression; select more to see expression, heat map and correlations.`;
    expressionFrame.show(emptyFigure(reason, ["patient", "group", "expression"]));
    heat.show(emptyFigure(reason, ["gene"]));
    for (const place of [correlations, setCurve, geneCurve]) place.replaceChildren(element("p", {}, reason));
  };
  /** Fetches the matrix once; false, and a sentence in place, if it cannot be had. */
  const arrive = async (): Promise<boolean> => {
    try {
      data ??= readExpression(new Uint8Array(await expression()), kind, cohort);
      take(data);
      return true;
    } catch (error) {
      tell("refused", `The gene expression could not be read: ${(error as Error).message}. Load the page again.`);
      return false;
    }
  };
  const compare = async ({code, names}: DrawnGroups) => {
    running?.cancel();
    tell("running", `Comparing ${names[1]} with ${names[0]} …`);
    if (!(await arrive()) || !data || root.dataset.state !== "running") return;
    const start = performance.now();
    const asked = Int8Array.from(data.rows, (row) => code[row]);
    progress.value = 0;
    const request = {matrix: data.matrix, kind, sets, group: asked, names, robust: robust.checked};
    const task = enrichmentInWorker(request, (share) => (progress.value = share));
    running = task;
    try {
      const result = await task.result;
      if (running !== task) return;
      [tests, group] = [result, asked];
      showAll();
      tell(
        "recomputed",
        `${names[1]} (${result.samples[1]} samples) against ${names[0]} (${result.samples[0]}), among ${selectionWords(study, selection)}; computed in this page in ${((performance.now() - start) / 1000).toFixed(1)} s.`
      );
    } catch (error) {
      if (running !== task) return;
      tell(
        "refused",
        `${error instanceof EnrichmentInputError ? error.message : `The comparison failed: ${(error as Error).message}`}${tests ? ` Shown is still ${tests.names[1]} against ${tests.names[0]}.` : ""}`
      );
    }
  };
  const scored = study.variables.some(({origin, type}) => origin === "risk" && type === "numeric");
  const robust = element("input", {type: "checkbox", name: "robust"});
  const cox = survivalByFeature(cohort, sets, {rows, endpoint: selection.endpoint}, {onGene: showGene, onSet: showSet});
  const drawn = element("div", {});
  const offerGroups = () =>
    drawn.replaceChildren(comparisonControls(cohort, selection, rows, first, (groups) => void compare(groups)));
  const sayPublished = () => {
    if (!tests || group) return;
    tell(
      "published",
      `${tests.names[1]} (${tests.samples[1]} samples) against ${tests.names[0]} (${tests.samples[0]}): ${published.compared?.by ?? ""}.${restricted ? ` It was made of all patients, not of those selected (${selectionWords(study, selection)}); recompute it for these.` : ""}`
    );
  };
  /** Other patients are selected: a comparison stays as it is and says of whom. */
  const follow = () => {
    offerGroups();
    if (root.dataset.state === "published") sayPublished();
    cox.of({rows, endpoint: selection.endpoint});
    if (!data) return;
    take(data);
    showAll();
  };
  const {compared} = published;
  const first = compared && published.tests && {variable: compared.variable, names: published.tests.names};
  const file = (label: string, name: string, content: () => string) =>
    element("button", {type: "button", onclick: () => tests && download(content(), `${study.id}-${name}`)}, label);
  findings.append(
    element("label", {class: "search"}, element("span", {}, "Find a gene "), search, list, " ", searchSaid),
    element("div", {class: "pair"}, volcano.element, dots.element),
    element(
      "p",
      {class: "downloads"},
      file("RNK", "ranking.rnk", () => tests!.genes.gene.map((g, i) => `${g}\t${tests!.genes.t[i]}\n`).join("")),
      file("GMT of leading edges", "leading-edges.gmt", () =>
        writeGmt(
          tests!.pathways.map(({name, leadingEdge}) => ({name, description: "leading edge", genes: leadingEdge}))
        )
      ),
      file("GSEA table (TSV)", "gsea.tsv", () => gseaTsv(tests!)),
      file("Expression for the R script (TSV)", "expression.tsv", () => (data ? expressionTsv(data) : "")),
      file("Groups for it (TSV)", "groups.tsv", () =>
        data && tests ? groupsTsv(data, groupsNow(data), tests.names) : ""
      ),
      file("Gene sets for it (GMT)", "gene-sets.gmt", () => writeGmt(sets))
    ),
    regionControls(showRegion),
    region,
    setTitle,
    element("div", {class: "pair"}, element("div", {}, sum.element, edge), setCurve),
    scored ? element("p", {class: "option"}, element("label", {}, "Patients of the heat map ", patientOrder)) : "",
    heat.element,
    geneTitle,
    element("div", {class: "pair"}, expressionFrame.element, geneCurve),
    element("h2", {}, "From image to gene"),
    correlations
  );
  root.append(
    head,
    remarkList([`Gene sets: ${published.setsFrom}.`, ...published.notes]),
    drawn,
    element(
      "p",
      {class: "option"},
      element(
        "label",
        {class: "choice"},
        robust,
        "Robust prior: genes of outlying variance do not widen it for the others"
      )
    ),
    element("p", {}, status, progress, cancel),
    said,
    findings,
    element("h2", {}, "Which genes go with survival?"),
    cox.element
  );
  offerGroups();
  sayPublished();
  showAll();
  requestAnimationFrame(() =>
    setTimeout(async () => {
      if (!(await arrive()) || !data) return;
      showAll();
      cox.show(data);
      root.dataset.expression = "ready";
    })
  );
  return root;
}

/** With fewer samples there is nothing to standardise or to correlate. */
const FEWEST = 3;

/** Genes of a leading edge that are written as buttons; the TSV and GMT have all. */
const CHIPS = 60;

const strongestGene = ({genes}: PublishedTests): string | null =>
  genes.gene[genes.p.reduce((best, p, i) => (p < genes.p[best] ? i : best), 0)] ?? null;

/** As GSEA desktop writes its report. */
function gseaTsv({pathways}: PublishedTests): string {
  const head = ["NAME", "SIZE", "ES", "NES", "NOM p-val", "FDR q-val", "LEADING EDGE"];
  const rows = pathways.map((p) => [
    p.name,
    p.size,
    p.enrichmentScore,
    p.normalisedScore,
    p.p,
    p.q,
    p.leadingEdge.join(",")
  ]);
  return [head, ...rows].map((row) => `${row.join("\t")}\n`).join("");
}
