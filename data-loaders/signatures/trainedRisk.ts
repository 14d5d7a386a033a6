import {type Study, StudyError} from "../study/study.js";
import type {TrainedModel} from "./trainedModel.js";

/** Difference of the risk, in SD, under which an image counts as the one trained on: rounding is far below, other images above. */
const sameImage = 0.02;

/**
 * The signature of every patient by a trained network: (risk − mean) / SD. A patient the network was trained on gets the risk
 * by the network that was trained without this patient: its own would be flattered by follow-up it has seen, and a model
 * fitted on such signatures would trust them far too much.
 *
 * @param risks - by row: the network's output; NaN without an image
 * @throws {StudyError} when a patient trained on has another image now
 */
export function trainedRisk(
  study: Study,
  {file, metadata, seen}: TrainedModel,
  risks: readonly number[]
): Float64Array {
  const {mean, sd, variable} = metadata.signature;
  const changed = risks.flatMap((risk, row) => {
    const known = seen[row];
    return known && Math.abs(risk - known.risk) > sameImage * sd ? [study.patients[row]] : [];
  });
  if (changed.length > 0) {
    const [first] = changed;
    const who = changed.length === 1 ? `patient "${first}"` : `${changed.length} patients ("${first}" the first)`;
    const modality = variable.replace("_signature", "");
    const message = `${file}: ${who} trained this model with another image than now. Train again: npm run train -- --study ${study.folder} --modality ${modality}.`;
    throw new StudyError([{file, message}]);
  }
  return Float64Array.from(risks, (risk, row) => {
    const value = Number.isNaN(risk) ? NaN : (seen[row]?.outOfFold ?? risk);
    return (value - mean) / sd;
  });
}
