import {mkdir, readFile, writeFile} from "node:fs/promises";
import {join} from "node:path";
import {cohortTable} from "../../data-loaders/analysis/cohortTable.js";
import type {Column} from "../../data-loaders/analysis/trainingTerms.js";
import type {Study} from "../../data-loaders/study/study.js";
import type {StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";

/** Share by which a copy's time differs from the patient's, so that copies do not all tie. */
const SPREAD = 0.2;

/**
 * Days in a unit of time. Registers hold days; "continuous" spreads follow-up to a ten-thousandth of a unit, which no study has:
 * of a million patients half a million times differ.
 */
export type Resolution = "days" | "continuous";
const DAYS = {days: 1, weeks: 7, months: 30.4375, years: 365.25};

/** The same for a measured value: one that is no whole number, as a score or a concentration, is hardly ever met twice. */
const VALUE_SPREAD = 0.05;

/** The golden ratio's multiples spread evenly over [0, 1). */
const turn = (i: number) => (i * 0.6180339887498949) % 1;

/**
 * Writes the tables of a cohort of any size: a study's patients over and over, each copy with a little longer follow-up and
 * measured values a little apart. Good for timing only.
 *
 * @param artifacts - folder with study.json and cohort.arrow
 */
export async function writeLargeCohort(
  artifacts: string,
  target: string,
  n: number,
  resolution: Resolution = "days"
): Promise<void> {
  const description = JSON.parse(await readFile(join(artifacts, "study.json"), "utf8")) as StudyDescription;
  const cohort = readCohort(new Uint8Array(await readFile(join(artifacts, "cohort.arrow"))), description);
  const columns: Record<string, Column> = {};
  for (const {id} of description.variables) {
    const column = cohort.variable(id);
    columns[id] =
      column.type === "numeric"
        ? Float64Array.from({length: n}, (_, i) => copyOf(column.values[i % cohort.n], i))
        : Array.from({length: n}, (_, i) => column.levels[column.codes[i % cohort.n]]?.value ?? null);
  }
  const followUp = Object.fromEntries(
    description.endpoints.map(({id, unit}) => {
      const {time, event, entry} = cohort.followUp(id);
      const copied = Float64Array.from({length: n}, (_, i) =>
        measured(time[i % cohort.n] * (1 + SPREAD * turn(i)), resolution === "days" ? DAYS[unit] : null)
      );
      const events = Int8Array.from({length: n}, (_, i) => event[i % cohort.n]);
      return [id, {time: copied, event: events, entry: entry && entry.slice(0, n)}];
    })
  );
  const patients = Array.from({length: n}, (_, i) => `${cohort.patient(i % cohort.n)}-${Math.floor(i / cohort.n)}`);
  const study = {patients, endpoints: description.endpoints, followUp} as unknown as Study;
  await mkdir(target, {recursive: true});
  await writeFile(
    join(target, "cohort.arrow"),
    cohortTable(study, description.variables, columns, description.provenance)
  );
  // Nothing is timed of dated events.
  await writeFile(join(target, "study.json"), JSON.stringify({...description, events: null}));
}

function copyOf(value: number, i: number): number {
  return Number.isInteger(value) ? value : value * (1 + VALUE_SPREAD * (turn(i) - 0.5));
}

/** A time as it would be recorded. To four decimals: times that differ by less are ties to R and to us, but not to SQL. */
function measured(time: number, days: number | null): number {
  const whole = days === null ? time : Math.max(1, Math.round(time * days)) / days;
  return Math.round(1e4 * whole) / 1e4;
}
