import {describe, expect, it} from "vitest";
import {loadStudy} from "../../data-loaders/study/loadStudy.js";
import type {Study} from "../../data-loaders/study/study.js";
import {problemsOf, soundStudy, withStudy} from "./studyFolder.js";

const events = {file: "events.csv", kind: "event", time: "month", stop: "until", unit: "months", death: "died"};
const kinds = [
  {id: "surgery", label: "Surgery", codes: ["OP"]},
  {id: "relapse", label: "Relapse"},
  {id: "died", label: "Death"}
];
const study = {...soundStudy, events: {...events, kinds}};
const table = ["patient,event,month,until", "P1,OP,2,", "P1,relapse,5.5,8", "P2,relapse,4,", "P3,died,7,"].join("\n");
const changed = (from: string, to: string) => ({"events.csv": table.replace(from, to)});

/** Events as a reader would list them. */
function listed({patients, events: found}: Study): string[] {
  const {description, patient, kind, time, stop} = found!;
  return Array.from(patient, (p, e) =>
    [patients[p], description.kinds[kind[e]].id, time[e], ...(Number.isNaN(stop[e]) ? [] : [stop[e]])].join(" ")
  );
}

describe("loadStudy: dated events", () => {
  it("reads them by patient and time, and takes from the follow-up who died", async () => {
    const read = await withStudy({"events.csv": table}, loadStudy, study);
    expect(listed(read)).toEqual([
      "P1 surgery 2",
      "P1 relapse 5.5 8",
      "P1 died 12.5",
      "P2 relapse 4",
      "P3 died 7",
      "P4 died 24"
    ]);
    expect(read.events!.description).toEqual({
      followUp: "os",
      death: "died",
      kinds: [
        {id: "surgery", label: "Surgery", events: 1, patients: 1},
        {id: "relapse", label: "Relapse", events: 2, patients: 2},
        {id: "died", label: "Death", events: 3, patients: 3}
      ]
    });
    expect(read.files).toEqual(["study.json", "clinical.csv", "events.csv"]);
    expect(read.notes.slice(0, 2)).toEqual([
      "Dated events: 6, of 3 kinds, of 4 of 5 patients (events.csv).",
      'Death of 2 patients was taken from the endpoint "os": the dated events do not name it.'
    ]);
  });
  it("makes kinds of what is written where none are declared", async () => {
    const read = await withStudy({"events.csv": table.replace("relapse,4", "Late effect (grade 3),4")}, loadStudy, {
      ...soundStudy,
      events
    });
    expect(read.events!.description.kinds.map(({id, label}) => [id, label])).toEqual([
      ["op", "Op"],
      ["relapse", "relapse"],
      ["late_effect_grade_3", "Late effect (grade 3)"],
      ["died", "died"]
    ]);
  });
  it("forgets the events of an excluded patient, and counts what comes after the end of follow-up", async () => {
    const exclude = [{id: "P2", reason: "Refused"}];
    const read = await withStudy(changed("P1,OP,2,", "P1,OP,13,"), loadStudy, {...study, exclude});
    expect(listed(read)).not.toContain("P2 relapse 4");
    expect(read.notes).toContain("1 events came after the end of the patient's follow-up; no endpoint counts them.");
  });
  it("turns days into the unit of the follow-up, where a day more or less is rounding", async () => {
    const read = await withStudy(
      {"events.csv": "patient,event,month,until\nP1,relapse,381,\nP3,died,213,\nP2,relapse,100,130\n"},
      loadStudy,
      {...study, events: {...events, kinds, unit: "days"}}
    );
    expect(listed(read).map((row) => row.split(" ").slice(0, 2).join(" "))).toEqual([
      "P1 relapse",
      "P1 died",
      "P2 relapse",
      "P3 died",
      "P4 died"
    ]);
    const {time, stop} = read.events!;
    expect([time[0], time[3]]).toEqual([12.5, 7]);
    expect(time[2]).toBeCloseTo(100 / (365.25 / 12), 12);
    expect(stop[2]).toBeCloseTo(130 / (365.25 / 12), 12);
  });
  it("has none, and says so, where every row is left out", async () => {
    const read = await withStudy(
      {"events.csv": "patient,event,month,until\nX1,relapse,4,\nP2,relapse,-4,\n"},
      loadStudy,
      {...study, events: {...events, kinds, death: undefined, unusable: "leaveOut"}}
    );
    expect(read.events).toBeNull();
    expect(read.notes).toContain(
      "Rows of events.csv left out: 1 of patients whom the table lacks, 1 before time zero."
    );
  });
});

describe("loadStudy: cBioPortal's timeline files", () => {
  const clinical = [
    "PATIENT_ID,OS_MONTHS,OS_STATUS,age,sex,split",
    "P1,12.5,1:DECEASED,61,male,training",
    "P2,30,0:LIVING,55,female,test"
  ].join("\n");
  const portal = {
    ...soundStudy,
    table: {file: "clinical.csv", id: "PATIENT_ID"},
    endpoints: [
      {
        id: "os",
        label: "Overall survival",
        time: "OS_MONTHS",
        event: "OS_STATUS",
        unit: "months",
        coding: {event: ["1:DECEASED"], censored: ["0:LIVING"]}
      }
    ]
  };
  const files = {
    "clinical.csv": clinical,
    "data_timeline_treatment.txt": [
      "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tAGENT",
      "P1\t30\t90\tTREATMENT\tChemotherapy\tCisplatin",
      "P1\t30\t90\tTREATMENT\tChemotherapy\tGemcitabine",
      "P1\t-20\t-5\tTREATMENT\tRadiation Therapy\t",
      "P9\t3\t\tTREATMENT\tChemotherapy\tCisplatin"
    ].join("\n"),
    "data_timeline_status.txt": "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tSTATUS\nP2\t200\t\tSTATUS\tRecurrence\n"
  };
  it("are read where they lie beside the table, and what cannot be used is counted", async () => {
    const read = await withStudy(files, loadStudy, portal);
    expect(read.events!.description.kinds.map(({id, label}) => `${id}: ${label}`)).toEqual([
      "status_recurrence: STATUS: Recurrence",
      "treatment_chemotherapy: TREATMENT: Chemotherapy",
      "death: Death"
    ]);
    expect(read.events!.description).toMatchObject({followUp: "os", death: "death"});
    expect(read.notes).toContain(
      "Rows of data_timeline_status.txt, data_timeline_treatment.txt left out: 1 of patients whom the table lacks, 1 before time zero, 1 written twice."
    );
    expect(read.files).toContain("data_timeline_status.txt");
  });
  it("are left alone where study.json says that there are no events", async () => {
    expect((await withStudy(files, loadStudy, {...portal, events: null})).events).toBeNull();
  });
});

describe("loadStudy: what is wrong with dated events, in one sentence each", () => {
  const leaveOut = 'or set "unusable": "leaveOut" under "events" in study.json.';
  it.each<[string, Record<string, string>, string, object?]>([
    [
      "unknown patient",
      changed("P2,relapse", "P22,relapse"),
      `events.csv, row 4, column patient: "P22" is no patient of the table. Did you mean "P2"? Correct the id, ${leaveOut}`
    ],
    [
      "non-numeric time",
      changed("relapse,4", "relapse,soon"),
      'events.csv, row 4, column month: "soon" is not a number. Correct it, or take the row out.'
    ],
    [
      "negative time",
      changed("relapse,4", "relapse,-4"),
      `events.csv, row 4, column month: "-4" is negative: before time zero. Fix the value, ${leaveOut}`
    ],
    ["no time", changed("relapse,4", "relapse,"), `events.csv, row 4, column month: the event has no time. Fill it in, ${leaveOut}`], // prettier-ignore
    [
      "over before it began",
      changed("5.5,8", "5.5,5"),
      "events.csv, row 3, column until: the event is over at 5, before it begins, at 5.5. Correct one of them."
    ],
    [
      "non-numeric end",
      changed("5.5,8", "5.5,late"),
      'events.csv, row 3, column until: "late" is not a number. Correct it, or empty the cell.'
    ],
    [
      "row written twice",
      changed("P2,relapse,4,", "P1,OP,2.0,"),
      `events.csv, row 4, column event: the same event stands in row 2 already. Keep one, ${leaveOut}`
    ],
    [
      "unknown kind",
      changed("P2,relapse", "P2,relaps"),
      'events.csv, row 4, column event: "relaps" is no kind of event (OP, relapse, died). Did you mean "relapse"? Correct it, or add it to the kinds under "events" in study.json.'
    ],
    [
      "no kind",
      changed("P2,relapse", "P2,"),
      "events.csv, row 4, column event: the event has no kind. Give every row one."
    ],
    ["empty file", {"events.csv": ""}, "events.csv: the file is empty. Fill it, or take it out of study.json."],
    [
      "header only",
      {"events.csv": table.split("\n")[0]},
      "events.csv: the table has a header but no events. Add a row for each."
    ],
    ["missing file", {}, "events.csv: there is no such file. Put it there, or correct its name in study.json."],
    [
      "missing column",
      changed("month", "months"),
      'events.csv, row 1, column month: there is no such column, but "events" in study.json names it. Did you mean "months"? The table has: patient, event, months, until.'
    ],
    [
      "a death at another time than the follow-up's",
      changed("died,7", "died,6"),
      'events.csv, row 5, column month: the patient died at 6 here, but the endpoint "os" has it at 7. Make them agree.'
    ],
    [
      "a death that the follow-up does not know",
      changed("P3,died,7", "P2,died,30"),
      'events.csv, row 5, column month: the patient died at 30 here, but the endpoint "os" knows of none. Make them agree.'
    ],
    [
      "a follow-up that is not declared",
      {"events.csv": table},
      'study.json, column events.followUp: "oss" is not declared. Did you mean "os"? Declare it or correct the name.',
      {...study, events: {...study.events, followUp: "oss"}}
    ],
    [
      "a death that is no kind",
      {"events.csv": table.replace("P3,died,7,\n", "")},
      'study.json, column events.death: "dead" is not declared. Did you mean "died"? Declare it or correct the name.',
      {...study, events: {...study.events, death: "dead"}}
    ],
    [
      "a code of two kinds",
      {"events.csv": table},
      'study.json, column events.kinds: "OP" stands twice, so what it means is unclear. Keep it once.',
      {...study, events: {...study.events, kinds: [...kinds, {id: "op", label: "OP", codes: ["OP"]}]}}
    ]
  ])("%s", async (_, files, sentence, other = study) => {
    expect(await problemsOf(files, other)).toEqual([sentence]);
  });
});
