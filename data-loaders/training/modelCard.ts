import {cpus, totalmem} from "node:os";
import type {Comparison, CurvePoint, TrainingLog} from "../../src/cohort/trainingLog.js";
import type {Study} from "../study/study.js";
import {countParameters, freshNetwork} from "./network.js";
import {pretextOptions, type Trained} from "./train.js";

/** Collects the log of a run. */
export function trainingLog(
  study: Study,
  trained: Trained,
  comparison: Comparison,
  {file, sha256, minutes}: {readonly file: string; readonly sha256: string; readonly minutes: number | null}
): TrainingLog {
  const {metadata, validation, options, survival, bytes, precision, halfMoves} = trained;
  const {n, events, endpoint} = metadata.head;
  const points = (epochs: Trained["epochs"]) =>
    epochs.map(({epoch, loss, concordance}) => ({epoch, loss, concordance}));
  const [cpu] = cpus();
  return {
    study: {
      title: study.title,
      synthetic: study.synthetic,
      n: study.patients.length,
      split: study.split && `${study.split.variable}: ${study.split.training} v ${study.split.test}`
    },
    model: {
      modality: options.modality,
      file,
      sha256,
      bytes: bytes.length,
      precision,
      halfMoves,
      parameters: countParameters(freshNetwork(0, 1).parameters),
      training: metadata.training
    },
    preprocessing: metadata.preprocessing,
    signature: metadata.signature,
    trained: {n, events, endpoint},
    seed: options.seed,
    pretext: options.backbone ? null : pretextOptions(options),
    survival,
    pretextLosses: trained.pretextLosses,
    folds: validation.folds.map(points),
    foldScores: validation.scores,
    chosenEpoch: validation.best,
    epochs: points(trained.epochs),
    comparison,
    hardware: `${cpu.model.trim()}, one thread, ${Math.round(totalmem() / 2 ** 30)} GB`,
    software: `Node ${process.versions.node}, jax-js on wasm`,
    minutes
  };
}

/** The model card, in Markdown, from a run's log alone. */
export function modelCard(log: TrainingLog): string {
  const {model, trained, study, comparison} = log;
  const name = model.modality.toUpperCase();
  const three = (value: number) => value.toFixed(3);
  const table = comparison.judged.map(
    ({set, signature, n, events, concordance, lower, upper}) =>
      `| ${set} | ${signature} | ${n.toLocaleString("en")} | ${events.toLocaleString("en")} | ${three(concordance)} (${three(lower)}–${three(upper)}) |`
  );
  const correlations = comparison.correlations.map(
    ({set, signature, r}) => `| ${set} | ${signature} | ${r.toFixed(2)} |`
  );
  const differences = (comparison.differences ?? []).map(
    ({set, than, difference, lower, upper}) =>
      `| ${set} | ${than} | ${signed(difference)} (${signed(lower)} to ${signed(upper)}) |`
  );
  const scores = log.foldScores.map((score, epoch) => {
    const all = log.folds.map((epochs) => epochs[epoch]);
    const mean = (of: (point: CurvePoint) => number) => all.reduce((sum, point) => sum + of(point), 0) / all.length;
    const loss = epoch === 0 ? "–" : three(mean((point) => point.loss ?? NaN));
    return `| ${epoch}${epoch === log.chosenEpoch ? " (chosen)" : ""} | ${loss} | ${three(mean((point) => point.concordance))} | ${score.toFixed(2)} |`;
  });
  const lines = [
    `# Model card: ${name} signature`,
    "",
    `Written by the training run; all of it stands in \`${model.modality}.json\` too. See README.md for inputs, outputs and preprocessing.`,
    "",
    ...(study.synthetic
      ? [`**Trained on synthetic patients. It knows nothing of any real patient and is not for clinical use.**`, ""]
      : ["**Not for clinical use.**", ""]),
    "| | |",
    "| --- | --- |",
    `| Network | EfficientNet-lite0, one output; ${model.parameters.toLocaleString("en")} parameters |`,
    `| Training | ${model.training} |`,
    `| Data | ${study.title}; ${study.n} patients${study.split ? `, split by ${study.split}` : ""} |`,
    `| Trained on | ${trained.n} patients, ${trained.events} events (${trained.endpoint}) |`,
    `| Seed | ${log.seed} |`,
    `| Pretext stage | ${log.pretext ? inWords(log.pretext) : "none: weights from a file"} |`,
    `| Survival stage | ${inWords(log.survival)} |`,
    `| Input | ${inWords(log.preprocessing)} |`,
    `| Signature | ${inWords(log.signature)} |`,
    `| File | \`${model.file}\`, ${(model.bytes / 1e6).toFixed(1)} MB, kernels in ${model.precision} precision (half precision moves a signature by ${model.halfMoves.toExponential(1)} SD at most) |`,
    `| SHA-256 | \`${model.sha256}\` |`,
    `| Hardware | ${log.hardware}; ${log.software}${log.minutes === null ? "" : `; ${log.minutes} minutes, stages taken from checkpoints not counted`} |`,
    "",
    "## How well it ranks patients",
    "",
    "Harrell's C with 95% interval, higher signature = higher risk. Training patients are scored by networks trained without them.",
    "",
    "| patients | score | n | events | C |",
    "| --- | --- | --- | --- | --- |",
    ...table,
    "",
    ...(differences.length > 0
      ? [
          "The trained network's C minus another score's on the same patients:",
          "",
          "| patients | than | difference of C |",
          "| --- | --- | --- |",
          ...differences,
          ""
        ]
      : []),
    ...(correlations.length > 0
      ? [
          "The true heterogeneity, known because the patients are generated, is the ceiling for its own part of the hazard. Correlation with it:",
          "",
          "| patients | score | r |",
          "| --- | --- | --- |",
          ...correlations,
          ""
        ]
      : []),
    "## Curves",
    "",
    `Means over ${log.folds.length} inner folds. Score: what the left-out patients add to the log partial likelihood, summed over folds; the highest stops the training. Epoch 0: the backbone as it came, under a ridge Cox head.`,
    "",
    "| epoch | loss | C, trained on | score, left out |",
    "| --- | --- | --- | --- |",
    ...scores,
    "",
    ...(log.pretextLosses.length > 0 ? [pretextCurve(log.pretextLosses), ""] : []),
    "## Limits",
    "",
    `- One axial slice with two neighbours, in a square of at least ${log.preprocessing.minimumSideMm} mm: a tumour that fits with its margin shows its size, a larger one is shrunk.`,
    "- Few events: intervals are wide, and a C on the test set alone hardly tells two signatures apart.",
    "- The pretext textures are generated; they are broad, but no scanner's.",
    "- It describes patients prepared as above; other preprocessing is refused.",
    ""
  ];
  return lines.join("\n");
}

/** Three digits behind the point and a sign, minus as typeset. */
function signed(value: number): string {
  return `${value < 0 ? "−" : "+"}${Math.abs(value).toFixed(3)}`;
}

/** Mean of the noted losses by tenths of the stage. */
function pretextCurve(losses: readonly number[]): string {
  const part = Math.max(1, Math.ceil(losses.length / 10));
  const means = Array.from({length: Math.ceil(losses.length / part)}, (_, k) => {
    const some = losses.slice(k * part, (k + 1) * part);
    return (some.reduce((sum, loss) => sum + loss, 0) / some.length).toFixed(3);
  });
  return `Pretext stage, mean squared error of its standardised targets (1 = nothing known), by tenths: ${means.join(", ")}.`;
}

function inWords(record: object): string {
  return Object.entries(record)
    .map(
      ([key, value]) =>
        `${key} ${typeof value === "object" && value !== null ? `(${inWords(value as object)})` : String(value)}`
    )
    .join(", ");
}
