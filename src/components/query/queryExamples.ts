import type {StudyDescription} from "../../cohort/description.js";
import {identifier} from "../../cohort/selectionSql.js";

/** Queries to begin with, made for the study at hand. */
export function queryExamples(study: StudyDescription): {readonly label: string; readonly sql: string}[] {
  const [endpoint] = study.endpoints;
  const [time, event] = [identifier(`${endpoint.id}_time`), identifier(`${endpoint.id}_event`)];
  const stratum = study.strata[0];
  const risk = study.variables.find(({origin, type}) => origin === "risk" && type === "categorical");
  const numeric = study.variables.find(({type}) => type === "numeric");
  const group = risk?.id ?? stratum;
  const examples = [
    {label: "Every column of the first patients", sql: "SELECT *\nFROM cohort\nLIMIT 20"},
    {label: "What the columns hold", sql: "SUMMARIZE cohort"}
  ];
  if (group)
    examples.push({
      label: `Patients and events by ${labelOf(study, group)}`,
      sql: `SELECT ${identifier(group)}, count(*) AS patients, count(*) FILTER (${event} = 1) AS events,\n  median(${time}) AS median_follow_up\nFROM cohort\nGROUP BY ALL\nORDER BY ALL`
    });
  if (group && stratum && stratum !== group)
    examples.push({
      label: `${labelOf(study, group)} by ${labelOf(study, stratum)}`,
      sql: `PIVOT cohort\nON ${identifier(group)}\nUSING count(*)\nGROUP BY ${identifier(stratum)}`
    });
  if (numeric)
    examples.push({
      label: `${numeric.label} and follow-up`,
      sql: `SELECT patient, ${identifier(numeric.id)}, ${time}, ${event}\nFROM cohort\nWHERE ${identifier(numeric.id)} IS NOT NULL\nORDER BY ${identifier(numeric.id)} DESC`
    });
  examples.push({
    label: "The patients now selected beside all",
    sql: `SELECT 'selected' AS patients, count(*) AS n, count(*) FILTER (${event} = 1) AS events FROM selected\nUNION ALL\nSELECT 'all', count(*), count(*) FILTER (${event} = 1) FROM cohort`
  });
  if (study.events)
    examples.push({
      label: "Dated events by kind",
      sql: "SELECT kind, count(*) AS events, count(DISTINCT patient) AS patients, median(time) AS median_time\nFROM events\nGROUP BY ALL\nORDER BY events DESC"
    });
  examples.push({label: "The models' coefficients", sql: "SELECT *\nFROM coefficients"});
  return examples;
}

function labelOf({variables}: StudyDescription, id: string): string {
  return variables.find((variable) => variable.id === id)?.label ?? id;
}
