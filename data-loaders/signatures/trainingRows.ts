import type {EndpointColumns, Study} from "../study/study.js";
import {StudyError} from "../study/study.js";
import type {HeadFollowUp} from "./crossValidatedPenalty.js";

/** The rows a head is fitted on. */
export interface TrainingRows {
  readonly rows: readonly number[];
  readonly followUp: HeadFollowUp;
  readonly endpoint: string;
  /** In words: "the training set", or "all patients" without a split. */
  readonly label: string;
}

/** Fewer events than this cannot be cross-validated in five folds. */
const leastEvents = 5;

/**
 * Patients of the training set that have an embedding and follow-up on the risk model's endpoint (the first endpoint
 * without a risk model). A competing event is censored at its time: the head models the cause-specific hazard.
 *
 * @param embedded - by row: whether there is an embedding
 * @throws {StudyError} with fewer than ten events among them
 */
export function trainingRows(study: Study, embedded: readonly boolean[]): TrainingRows {
  const endpoint = study.riskModel?.endpoint ?? study.endpoints[0].id;
  const columns = study.followUp[endpoint];
  const {split} = study;
  const part = split ? study.columns[split.variable] : null;
  const rows = study.patients.flatMap((_, row) => {
    const chosen = !split || part![row] === split.training;
    const followed = Number.isFinite(columns.time[row]) && columns.event[row] >= 0;
    const entered = !columns.entry || Number.isFinite(columns.entry[row]);
    return chosen && embedded[row] && followed && entered ? [row] : [];
  });
  const label = split ? "the training set" : "all patients";
  const followUp = followUpOf(columns, rows);
  const events = followUp.event.reduce((sum, event) => sum + event, 0);
  if (events < leastEvents) {
    const message = `study.json: ${label} has ${events} events of "${endpoint}" among ${rows.length} patients with images; a signature needs at least ${leastEvents}. Choose another endpoint or split, or leave the images out.`;
    throw new StudyError([{file: "study.json", message}]);
  }
  return {rows, followUp, endpoint, label};
}

function followUpOf({time, event, entry}: EndpointColumns, rows: readonly number[]): HeadFollowUp {
  return {
    time: Float64Array.from(rows, (row) => time[row]),
    event: Uint8Array.from(rows, (row) => (event[row] === 1 ? 1 : 0)),
    entry: entry && Float64Array.from(rows, (row) => entry[row])
  };
}
