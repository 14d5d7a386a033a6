import {join} from "node:path";
import type {Comparison} from "../../src/cohort/trainingLog.js";
import {embeddedStudy} from "../pipeline/embeddedStudy.js";
import {computeSignatures} from "../signatures/computeSignatures.js";
import {readModelMetadata} from "../signatures/modelMetadata.js";
import {loadStudy} from "../study/loadStudy.js";
import type {Study} from "../study/study.js";
import {correlation, differenceOf, judged, trueHeterogeneity} from "./evaluate.js";
import {onnxRisk} from "./exportOnnx.js";
import type {Tell, Trained} from "./train.js";
import {imagesOfRows, type StudyCrops, studyCrops} from "./trainingCrops.js";

/** Generated patients whom no training has seen: their own seed, as many as asked for. */
const freshSeed = 20_230_601;

/** A set of patients with one score a signature. */
interface Scored {
  readonly study: Study;
  readonly rows: readonly number[];
  readonly set: string;
  readonly scores: readonly (readonly [signature: string, values: ArrayLike<number>])[];
  readonly truth: Float64Array | null;
}

/**
 * Judges the trained signature against the untrained baseline, the tumour's volume and, in a synthetic study, the true
 * heterogeneity: on the training set out of fold, on the test set, and on fresh patients of the synthetic cohort's
 * generator, of whom there are enough to tell the four apart.
 *
 * @param fresh - fresh patients; 0 for a study that is not the embedded one
 */
export async function compare(study: Study, trained: Trained, fresh: number, tell: Tell): Promise<Comparison> {
  const {options, rows, endpoint, crops, validation} = trained;
  const {modality, workFolder} = options;
  const untrained = await computeSignatures(
    {...study, images: {[modality]: study.images[modality]}},
    {cacheFolder: join(workFolder, "untrained"), provider: "cpu", models: "untrained"}
  );
  const baseline = untrained.signatures[0].values;
  const others = study.patients.flatMap((_, row) => (!rows.includes(row) && crops.pixels[row] ? [row] : []));
  const own = new Float64Array(study.patients.length).fill(NaN);
  rows.forEach((row, k) => (own[row] = validation.outOfFold[k]));
  (await risksOf(trained.bytes, crops, others)).forEach((risk, row) => Number.isFinite(risk) && (own[row] = risk));
  const truth = trueHeterogeneity(study, modality);
  const scores = (values: ArrayLike<number>, plain: ArrayLike<number>, volume: ArrayLike<number>) =>
    [["trained network", values], ["untrained baseline", plain], ["tumour volume", volume]] as const; // prettier-ignore
  const sets: Scored[] = [
    {study, rows, set: "training, out of fold", scores: scores(own, baseline, crops.volume), truth},
    {study, rows: others, set: "test", scores: scores(own, baseline, crops.volume), truth}
  ];
  if (fresh > 0) {
    const set = await freshPatients(trained, untrained.models[0].bytes, fresh, tell);
    sets.push({...set, scores: scores(set.own, set.plain, set.volume)});
  }
  const known = sets.filter(({rows: members}) => members.length > 0);
  return {
    judged: known.flatMap(({study: of, rows: members, set, scores: all, truth: latent}) =>
      [...all, ...(latent ? [["true heterogeneity", latent] as const] : [])].map(([signature, values]) =>
        judged(of, endpoint, members, values, {signature, set})
      )
    ),
    differences: known.flatMap(({study: of, rows: members, set, scores: [[, score], ...baselines]}) =>
      baselines.map(([than, reference]) => differenceOf(of, endpoint, members, {score, reference}, {than, set}))
    ),
    correlations: known.flatMap(({rows: members, set, scores: all, truth: latent}) =>
      latent ? all.map(([signature, values]) => ({signature, set, r: correlation(values, latent, members)})) : []
    )
  };
}

async function freshPatients({bytes, options, metadata}: Trained, untrained: Uint8Array, count: number, tell: Tell) {
  const {modality} = options;
  const folder = await embeddedStudy(
    (_, done, of) => done % 500 === 0 && tell(`${done} of ${of} fresh patients generated`),
    count,
    freshSeed
  );
  const study = await loadStudy(folder);
  const crops = await studyCrops(study, metadata.preprocessing);
  const rows = [...study.patients.keys()];
  const {preprocessing} = readModelMetadata(untrained);
  return {
    study,
    rows,
    set: `${count.toLocaleString("en")} fresh patients`,
    truth: trueHeterogeneity(study, modality),
    volume: crops.volume,
    own: await risksOf(bytes, crops, rows),
    plain: await risksOf(untrained, await studyCrops(study, preprocessing), rows)
  };
}

/** By row of the study; NaN where not asked for. */
async function risksOf(model: Uint8Array, crops: StudyCrops, rows: readonly number[]): Promise<Float64Array> {
  const risks = new Float64Array(crops.pixels.length).fill(NaN);
  // In parts: the images of thousands of patients together are gigabytes.
  for (let first = 0; first < rows.length; first += 256) {
    const part = rows.slice(first, first + 256);
    (await onnxRisk(model, imagesOfRows(crops, part))).forEach((risk, k) => (risks[part[k]] = risk));
  }
  return risks;
}
