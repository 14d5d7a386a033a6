import {createHash} from "node:crypto";
import {mkdirSync, writeFileSync} from "node:fs";
import {basename, dirname, join, relative, resolve} from "node:path";
import {parseArgs} from "node:util";
import {embeddedStudy} from "../pipeline/embeddedStudy.js";
import {OptionError} from "../pipeline/optionError.js";
import {terminalProgress} from "../pipeline/progress.js";
import {workFolder} from "../pipeline/project.js";
import {loadStudy} from "../study/loadStudy.js";
import {compare} from "../training/compare.js";
import {modelCard, trainingLog} from "../training/modelCard.js";
import {defaultTrainOptions, train} from "../training/train.js";
import {explained} from "./explained.js";

const usage = `npm run train -- --modality pet|ct [options]
  --study FOLDER        default: the embedded study
  --out FILE            the model; its log and card go beside it. Default: models/<modality>.onnx in the study's folder
  --backbone FILE       weights in timm's layout (tf_efficientnet_lite0, safetensors) instead of the pretext stage
  --pretext-from FILE   an earlier model (.onnx) whose backbone the pretext stage goes on from, instead of fresh weights
  --pixels, --seed, --epochs, --batch, --folds, --rate, --pretext-steps, --pretext-until
  --work FOLDER         checkpoints; a run stopped on the way goes on from there
  --fresh N             also judge on N patients of the embedded study's generator whom nothing has seen`;

await explained(async () => {
  const {values} = parseArgs({
    options: {
      study: {type: "string"},
      modality: {type: "string"},
      out: {type: "string"},
      backbone: {type: "string"},
      "pretext-from": {type: "string"},
      "pretext-until": {type: "string"},
      pixels: {type: "string"},
      seed: {type: "string"},
      epochs: {type: "string"},
      batch: {type: "string"},
      folds: {type: "string"},
      rate: {type: "string"},
      "pretext-steps": {type: "string"},
      work: {type: "string"},
      fresh: {type: "string"}
    }
  });
  const {modality} = values;
  if (modality !== "pet" && modality !== "ct") throw new OptionError(`Say which modality to train.\n\n${usage}`);
  const start = Date.now();
  const number = (text: string | undefined, otherwise: number, name: string) => {
    const value = text === undefined ? otherwise : Number(text);
    if (!(value >= 0)) throw new OptionError(`--${name} must be a number, not "${text}".\n\n${usage}`);
    return value;
  };
  const folder = values.study ? resolve(values.study) : await embeddedStudy(terminalProgress(process.stdout));
  const study = await loadStudy(folder);
  const out = resolve(values.out ?? join(folder, "models", `${modality}.onnx`));
  const tell = (line: string) => console.log(`${new Date().toISOString().slice(11, 19)} ${line}`);
  const trained = await train(
    study,
    {
      modality,
      pixels: number(values.pixels, defaultTrainOptions.pixels, "pixels"),
      seed: number(values.seed, defaultTrainOptions.seed, "seed"),
      epochs: number(values.epochs, defaultTrainOptions.epochs, "epochs"),
      batch: number(values.batch, defaultTrainOptions.batch, "batch"),
      folds: number(values.folds, defaultTrainOptions.folds, "folds"),
      rate: number(values.rate, defaultTrainOptions.rate, "rate"),
      pretextSteps: number(values["pretext-steps"], defaultTrainOptions.pretextSteps, "pretext-steps"),
      pretextUntil: values["pretext-until"] === undefined ? null : number(values["pretext-until"], 0, "pretext-until"),
      readerLesions: defaultTrainOptions.readerLesions,
      backbone: values.backbone ?? null,
      pretextFrom: values["pretext-from"] ?? null,
      workFolder: values.work ? resolve(values.work) : join(workFolder, "training")
    },
    tell
  );
  const comparison = await compare(study, trained, number(values.fresh, 0, "fresh"), tell);
  mkdirSync(dirname(out), {recursive: true});
  writeFileSync(out, trained.bytes);
  const sha256 = createHash("sha256").update(trained.bytes).digest("hex");
  const minutes = Math.round((Date.now() - start) / 60_000);
  const log = trainingLog(study, trained, comparison, {file: basename(out), sha256, minutes});
  writeFileSync(out.replace(/(\.onnx)?$/, ".json"), `${JSON.stringify(log, null, 1)}\n`);
  writeFileSync(out.replace(/(\.onnx)?$/, ".md"), modelCard(log));
  for (const {set, signature, concordance, lower, upper} of comparison.judged) {
    tell(`${set}: ${signature} C ${concordance.toFixed(3)} (${lower.toFixed(3)}–${upper.toFixed(3)})`);
  }
  tell(`Written: ${relative(process.cwd(), out)}, its log (.json) and card (.md)`);
});
