import type {Endpoint, Variable} from "../../cohort/description.js";
import type {Cohort} from "../../cohort/readCohort.js";
import {endpointOf} from "../../cohort/selection.js";
import type {GeneSet} from "../../enrichment/readGeneSets.js";
import type {CoxPerFeature} from "../../survival/coxPerFeature.js";
import {withEndpoint} from "../csv.js";
import {element} from "../element.js";
import {download} from "../exportFigure.js";
import {downloadScript} from "../figureFrame.js";
import {counted, bareP, formatInterval} from "../formatting.js";
import {plainTable} from "../plainTable.js";
import {coxFeaturesScript} from "../rScript/coxFeaturesScript.js";
import type {ScriptData} from "../rScript/scriptData.js";
import type {CoxTask} from "./coxTask.js";
import {drawnMatrix, manySetScores} from "./expressionData.js";
import type {ExpressionData} from "./expressionData.js";
import {setLabel} from "./pathwayDots.js";

const MOST = 15;

export interface SurvivalByFeature {
  readonly element: HTMLElement;
  /** Computes anew, as when the matrix has arrived. */
  show(data: ExpressionData): void;
  /** Computes anew for others. */
  of(asked: Asked): void;
}

/** Whose follow-up to what. */
interface Asked {
  /** Mask of the patients selected. */
  readonly rows: Uint8Array;
  readonly endpoint: string;
}

/**
 * Which genes, or gene sets, go with survival: one Cox model each among the selected patients with expression, alone or
 * beside the clinical terms of the risk model.
 */
export function survivalByFeature(
  cohort: Cohort,
  sets: readonly GeneSet[],
  asked: Asked,
  {onGene, onSet}: {readonly onGene: (gene: string) => void; readonly onSet: (name: string) => void}
): SurvivalByFeature {
  const clinical = clinicalTerms(cohort);
  let {rows, endpoint} = asked;
  let data: ExpressionData | null = null;
  let last: {names: readonly string[]; result: CoxPerFeature; task: CoxTask} | null = null;
  let worker: Worker | null = null;
  const option = (value: string, label: string) => element("option", {value}, label);
  const what = element(
    "select",
    {name: "cox-of", onchange: () => compute()},
    option("gene", "each gene"),
    option("set", "each gene set")
  );
  const beside = element(
    "select",
    {name: "cox-beside", onchange: () => compute()},
    option("", "alone"),
    clinical.length > 0 && option("clinical", `beside ${clinical.map(({label}) => label).join(", ")}`)
  );
  const status = element("p", {class: "status", role: "status"});
  const table = element("div", {});
  const save = element(
    "button",
    {
      type: "button",
      onclick: () => last && download(tsv(last, endpointOf(cohort.study, {endpoint})), `${cohort.study.id}-cox.tsv`)
    },
    "All, as TSV"
  );
  const script = element(
    "button",
    {
      type: "button",
      "aria-label": "Download R script: Cox regression on each",
      onclick: () => {
        if (!last || !data) return;
        const {task, result, ...named} = last;
        const ids = {...named, patients: data.matrix.samples};
        const caption = status.textContent!;
        const note = `Cox regression (Efron) on each of them, ${beside.selectedOptions[0].text.replace("beside", "beside the terms")}; q by Benjamini and Hochberg.`;
        const write = (file: ScriptData) => coxFeaturesScript(cohort.study, endpoint, task, ids, result, file);
        void downloadScript(
          {title: "Cox regression on each", caption, note, script: {write}},
          `${cohort.study.id}-cox`
        );
      }
    },
    "R script"
  );
  const compute = () => {
    if (!data) return;
    worker?.terminate();
    const genes = what.value === "gene";
    const made = genes ? {names: drawnMatrix(data).genes, scores: drawnMatrix(data).values} : manySetScores(data, sets);
    const columns = beside.value ? clinical.flatMap((variable) => columnsOf(cohort, variable)) : [];
    // What is on the page or offered as a file is of what was asked last, or nothing.
    last = null;
    save.disabled = script.disabled = true;
    table.replaceChildren();
    status.textContent = `Fitting ${counted(made.names.length, "model")} …`;
    const task = taskOf(cohort, endpoint, rows, data, made.scores, columns);
    const mine = new Worker(import.meta.resolve("./coxWorker.js"), {type: "module"});
    worker = mine;
    mine.onmessage = ({data: answer}: MessageEvent<{result: CoxPerFeature} | {refusal: string}>) => {
      mine.terminate();
      if (worker !== mine) return;
      if ("refusal" in answer) return void (status.textContent = answer.refusal.replace(/^\w+: /, ""));
      save.disabled = script.disabled = false;
      last = {names: made.names, result: answer.result, task};
      status.textContent = words(answer.result, cohort, endpoint, data!.rows.length);
      table.append(topTable(last, genes ? {label: (g) => g, open: onGene} : {label: setLabel, open: onSet}));
    };
    mine.onerror = ({message}) => {
      if (worker === mine) status.textContent = `The models were not fitted: ${message || "the worker did not start"}.`;
    };
    mine.postMessage(task);
  };
  return {
    element: element(
      "div",
      {class: "survival-by-feature"},
      element(
        "p",
        {class: "row-controls"},
        element("label", {}, "Cox regression on ", what),
        clinical.length > 0 && element("label", {}, "Fitted ", beside),
        save,
        script
      ),
      status,
      table
    ),
    show(next) {
      data = next;
      compute();
    },
    of(next) {
      ({rows, endpoint} = next);
      compute();
    }
  };
}

function clinicalTerms({study}: Cohort): Variable[] {
  const named = new Set(study.riskModel?.terms.map(({variable}) => variable) ?? []);
  return study.variables.filter(({id, origin}) => origin === "measured" && named.has(id));
}

/** A numeric variable as it is, a categorical one as indicators of its levels but the first that anybody has. */
function columnsOf(cohort: Cohort, {id}: Variable): {name: string; column: Float64Array}[] {
  const values = cohort.variable(id);
  if (values.type === "numeric") return [{name: id, column: values.values}];
  const present = values.levels.map((_, l) => l).filter((l) => values.codes.includes(l));
  return present.slice(1).map((l) => ({
    name: `${id} ${values.levels[l].value}`,
    column: Float64Array.from(values.codes, (code) => (code < 0 ? NaN : Number(code === l)))
  }));
}

function taskOf(
  cohort: Cohort,
  endpoint: string,
  rows: Uint8Array,
  data: ExpressionData,
  features: Float64Array,
  columns: readonly {name: string; column: Float64Array}[]
): CoxTask {
  const {time, event, entry} = cohort.followUp(endpoint);
  const pick = (column: Float64Array) => Float64Array.from(data.rows, (row) => column[row]);
  return {
    // A patient who is not selected has no follow-up here.
    time: Float64Array.from(data.rows, (row) => (rows[row] ? time[row] : NaN)),
    event: Uint8Array.from(data.rows, (row) => event[row]),
    entry: entry && pick(entry),
    features,
    beside: Object.fromEntries(columns.map(({name, column}) => [name, pick(column)]))
  };
}

function words({p, q, n, events, reason}: CoxPerFeature, {study}: Cohort, endpoint: string, samples: number): string {
  const tested = p.filter((value) => value === value).length;
  const called = q.filter((value) => value < 0.05).length;
  const without = reason.filter((r) => r !== null).length;
  const [patients, deaths] = [Math.max(0, ...n), Math.max(0, ...events)];
  const label = endpointOf(study, {endpoint}).label;
  return `${label}: ${counted(tested, "model")} of up to ${counted(patients, "patient")} with ${counted(deaths, "event")}${samples > patients ? ` (${samples - patients} with expression are not selected, or lack follow-up or a value beside it)` : ""}; ${called} with q < 0.05${without > 0 ? `; ${without} without an estimate (the file says why)` : ""}. Hazard ratio for one standard deviation.`;
}

function topTable(
  {names, result}: {names: readonly string[]; result: CoxPerFeature},
  {label, open}: {label: (name: string) => string; open: (name: string) => void}
): HTMLElement {
  const {hazardRatio, lower, upper, p, q} = result;
  const best = Array.from(names.keys())
    .filter((f) => p[f] === p[f])
    .sort((a, b) => p[a] - p[b] || a - b)
    .slice(0, MOST);
  return plainTable(
    "Cox regression on each",
    ["", "Hazard ratio (95% CI)", "p", "q"],
    best.map((f) => [
      element("button", {type: "button", class: "link", onclick: () => open(names[f])}, label(names[f])),
      formatInterval(hazardRatio[f], lower[f], upper[f]),
      bareP(p[f]),
      bareP(q[f])
    ])
  );
}

function tsv(
  {names, result}: {names: readonly string[]; result: CoxPerFeature},
  endpoint: Pick<Endpoint, "definition">
): string {
  const head = ["name", "hazard_ratio", "lower", "upper", "z", "p", "q", "n", "events", "reason"];
  const {hazardRatio, lower, upper, z, p, q, n, events, reason} = result;
  const rows = names.map((name, f) => [
    name,
    ...[hazardRatio, lower, upper, z, p, q].map((column) => (Number.isNaN(column[f]) ? "" : column[f])),
    n[f],
    events[f],
    reason[f] ?? ""
  ]);
  const [header, lines] = withEndpoint(endpoint, head, rows);
  return [header, ...lines].map((row) => `${row.join("\t")}\n`).join("");
}
