import type {Cohort} from "../../cohort/readCohort.js";
import {riskBy} from "../../survival/publishedModel.js";
import type {PublishedModel, PublishedModels} from "../../survival/publishedModel.js";
import type {Terms} from "../../survival/designColumns.js";
import {element} from "../element.js";
import {figureFrame} from "../figureFrame.js";
import {counted, perYear} from "../formatting.js";
import {bootstrapInWorker} from "./bootstrapInWorker.js";
import type {RunningBootstrap} from "./bootstrapInWorker.js";
import type {BootstrapResult, BootstrapTask} from "./bootstrapTask.js";
import {calibrationFigure} from "./calibrationFigure.js";
import {cohortValue, modelScores} from "./cohortValue.js";
import {horizonsOf} from "./nomogramExplorer.js";
import {judgedRows, performanceAnswer, thresholds} from "./performanceAnswer.js";
import {aucFigure, decisionFigure} from "./performanceFigures.js";
import {comparisonTable, performanceTable} from "./performanceTables.js";
import {patientSets} from "./patientSets.js";
import type {PatientSet} from "./patientSets.js";
import {trainingRows} from "./trainingRows.js";

const RESAMPLES = 1000;
const SEED = 1;

export interface ModelComparison {
  readonly element: HTMLElement;
  /** Judges the models on other patients; set and horizon stay as the reader chose them. */
  readonly judge: (selected: Uint8Array | null) => void;
}

/**
 * The models side by side on one set of patients: measures, differences, curves. Bootstrap limits come from a worker and
 * are filled in when they are there.
 *
 * The element's data attribute "bootstrap" says "running", "done" or "cancelled".
 *
 * @param selected - mask of the patients to judge on; null for all
 */
export function modelComparison(
  cohort: Cohort,
  {models}: PublishedModels,
  selected: Uint8Array | null
): ModelComparison {
  const {study} = cohort;
  const endpoint = study.endpoints.find(({id}) => id === models[0].endpoint)!;
  const years = horizonsOf(study, models[0]);
  let sets = patientSets(cohort, selected);
  let set = sets.find(({id}) => id === "test") ?? sets[0];
  let year = years.includes(3) ? 3 : years[years.length - 1];
  let running: RunningBootstrap | null = null;
  const known = new Map<string, BootstrapResult>();
  const name = (kind: string) => `${study.id}-${kind}`;
  const tables = element("div", {});
  const auc = figureFrame("Time-dependent AUC", name("auc"));
  const decision = figureFrame("Decision curves", name("decision-curves"));
  const calibrations = models.map(({label, id}) => figureFrame(`Calibration: ${label}`, name(`calibration-${id}`)));
  const status = element("span", {role: "status"});
  const bar = element("progress", {max: 1, value: 0, "aria-label": "Bootstrap"});
  const cancel = element("button", {type: "button", onclick: () => stop()}, "Cancel");
  const again = element("button", {type: "button", onclick: () => void start()}, "Run the bootstrap");
  const root = element("div", {class: "model-comparison"});

  const key = () => `${set.id} ${year}`;
  const show = () => {
    const horizons = years.map((y) => y * perYear[endpoint.unit]);
    const answer = performanceAnswer(cohort, models, set.rows, horizons, year * perYear[endpoint.unit]);
    const bootstrap = known.get(key()) ?? null;
    // The paper's figures are of whole sets.
    const figures = set.restricted ? [] : (study.published?.figures ?? []);
    const published = figures.filter((f) => f.quantity === "concordance" && f.set === set.id);
    const context = {years, year, bootstrap, training: refitted(set), published};
    tables.replaceChildren(
      element("p", {}, setSentence(set, answer.n, answer.events, answer.missing)),
      performanceTable(answer, context),
      comparisonTable(answer, context)
    );
    const judged = {cohort, models, rows: set.rows, year};
    auc.show(aucFigure(answer, judged, endpoint, set.label));
    decision.show(decisionFigure(answer, judged, bootstrap, set.label));
    answer.models.forEach((performance, i) =>
      calibrations[i].show(calibrationFigure(performance, i, judged, set.label))
    );
  };
  const tell = (state: "running" | "done" | "cancelled", text: string) => {
    root.dataset.bootstrap = state;
    status.textContent = text;
    bar.hidden = cancel.hidden = state !== "running";
    again.hidden = state !== "cancelled";
  };
  const stop = () => {
    running?.cancel();
    running = null;
    tell("cancelled", "The bootstrap was stopped; its limits are not shown.");
  };
  const start = async () => {
    running?.cancel();
    running = null;
    const mine = key();
    const done = () =>
      tell("done", `Limits from ${RESAMPLES} bootstrap resamples, seed ${SEED}, computed in this page.`);
    if (known.has(mine)) return done();
    tell("running", `Bootstrap, ${RESAMPLES} resamples:`);
    bar.value = 0;
    const task = bootstrapInWorker(
      bootstrapTask(cohort, models, set, year * perYear[endpoint.unit]),
      (share) => (bar.value = share)
    );
    running = task;
    try {
      const result = await task.result;
      if (running !== task) return;
      known.set(mine, result);
      show();
      done();
    } catch (error) {
      if (running === task) tell("cancelled", `The bootstrap failed: ${(error as Error).message}`);
    }
  };
  const choose = () => {
    show();
    void start();
  };
  const choosers = element("form", {class: "row-controls", onsubmit: (event) => event.preventDefault()});
  const offer = () =>
    choosers.replaceChildren(
      chooser(
        "Patients",
        "set",
        sets.map(({id, label}) => [id, label]),
        set.id,
        (id) => {
          set = sets.find((s) => s.id === id)!;
          choose();
        }
      ),
      chooser(
        "Horizon",
        "horizon",
        years.map((y) => [String(y), counted(y, "year")]),
        String(year),
        (value) => {
          year = Number(value);
          choose();
        }
      )
    );
  root.append(
    choosers,
    element("p", {class: "bootstrap-line"}, status, " ", bar, " ", cancel, again),
    tables,
    element("div", {class: "pair"}, auc.element, decision.element),
    element(
      "div",
      {class: "multiples"},
      calibrations.map((frame) => frame.element)
    )
  );
  offer();
  show();
  requestAnimationFrame(() => setTimeout(() => void start()));
  return {
    element: root,
    judge(next) {
      sets = patientSets(cohort, next);
      set = sets.find(({id}) => id === set.id)!;
      known.clear();
      offer();
      choose();
    }
  };
}

function setSentence({label, id}: PatientSet, n: number, events: number, missing: number): string {
  const left =
    missing > 0 ? ` ${counted(missing, "patient")} without follow-up or a score of every model are left out.` : "";
  const fitted =
    id === "test"
      ? " None of them was used to fit anything."
      : " The models were fitted on these patients or some of them, which flatters all of it.";
  return `${label}: ${counted(n, "patient")}, ${counted(events, "event")}.${left}${fitted}`;
}

function chooser(
  label: string,
  name: string,
  options: readonly (readonly [string, string])[],
  chosen: string,
  onChoose: (value: string) => void
): HTMLElement {
  const select = element(
    "select",
    {name, onchange: () => onChoose(select.value)},
    options.map(([value, text]) => element("option", {value, selected: value === chosen}, text))
  );
  return element("label", {}, element("span", {}, label), select);
}

/** Whether optimism can be had by refitting: the patients judged are those the models were fitted on, all of them. */
const refitted = ({id, restricted}: PatientSet) => id !== "test" && !restricted;

/** Plain columns of the patients judged, and of the training patients of each model. */
export function bootstrapTask(
  cohort: Cohort,
  models: readonly PublishedModel[],
  set: PatientSet,
  horizon: number
): BootstrapTask & {readonly judged: object} {
  const {rows} = judgedRows(cohort, models, set.rows);
  const followUp = cohort.followUp(models[0].endpoint);
  const taken = <T extends Float64Array | Uint8Array>(column: T, mask: Uint8Array) =>
    column.filter((_, i) => mask[i] === 1) as T;
  const [first, ...others] = models;
  return {
    judged: {time: taken(followUp.time, rows), event: taken(followUp.event, rows)},
    risks: Object.fromEntries(
      models.map((model) => [model.id, riskBy(model, taken(modelScores(cohort, model), rows), horizon)])
    ),
    horizon,
    thresholds,
    pairs: others.map(({id}) => [first.id, id] as const),
    training: !refitted(set)
      ? []
      : models.map((model) => {
          const mask = trainingRows(cohort, model);
          return {
            model: model.id,
            time: taken(followUp.time, mask),
            event: taken(followUp.event, mask),
            terms: termsOf(cohort, model, mask)
          };
        }),
    resamples: RESAMPLES,
    seed: SEED
  };
}

function termsOf(cohort: Cohort, model: PublishedModel, mask: Uint8Array): Terms {
  const rows = Array.from(mask.keys()).filter((i) => mask[i] === 1);
  return Object.fromEntries(
    model.terms.map((term) => {
      const values = rows.map((row) => cohortValue(cohort, term.variable, row));
      if (term.kind === "factor") return [term.variable, {values, levels: term.levels}];
      return [term.variable, Float64Array.from(values as number[])];
    })
  );
}
