import {describe, expect, it} from "vitest";
import {patientColumns, patientsCsv, sortedRows} from "../../src/components/patients/patientColumns.js";
import {lungCohort} from "../cohort/lungCohort.js";

const {cohort} = lungCohort();
const columns = patientColumns(cohort);
const everyone = Uint32Array.from({length: cohort.n}, (_, i) => i);
const column = (id: string) => columns.find((c) => c.id === id)!;

describe("the table of patients", () => {
  it("has the id, the follow-up and every variable", () => {
    expect(columns.map(({id}) => id)).toEqual([
      "patient",
      "os_time",
      "os_event",
      ...cohort.study.variables.map(({id}) => id)
    ]);
    expect(column("sex").text(0)).toBe("male");
    expect(column("os_event").text(0)).toBe("yes");
  });

  it.each(["age", "wt.loss", "ph.ecog", "sex", "os_time", "patient"])(
    "sorts by %s both ways, the missing last",
    (id) => {
      const key = column(id).key;
      for (const descending of [false, true]) {
        const order = sortedRows(everyone, column(id), descending);
        expect([...order].sort((a, b) => a - b)).toEqual([...everyone]);
        const known = Array.from(order, key).filter((k) => !Number.isNaN(k));
        const missing = order.length - known.length;
        expect(Array.from(order.slice(known.length), key).every((k) => Number.isNaN(k))).toBe(true);
        expect(missing).toBe({"wt.loss": 14, "ph.ecog": 1}[id] ?? 0);
        const rank = (k: number | string) => (typeof k === "string" ? Number(k.slice(1)) : k);
        for (let i = 1; i < known.length; i++) {
          const [a, b] = descending ? [known[i], known[i - 1]] : [known[i - 1], known[i]];
          expect(rank(a)).toBeLessThanOrEqual(rank(b));
        }
      }
    }
  );

  it("keeps the order of the file among equal values, both ways and of a part of the patients", () => {
    const some = everyone.filter((row) => row % 3 !== 1);
    for (const id of ["ph.ecog", "age"])
      for (const descending of [false, true]) {
        const {key} = column(id);
        const rank = (row: number) => (Number.isNaN(key(row)) ? Infinity : (descending ? -1 : 1) * Number(key(row)));
        const order = [...some].sort((a, b) => (rank(a) === rank(b) ? a - b : rank(a) - rank(b)));
        expect([...sortedRows(some, column(id), descending)]).toEqual(order);
      }
  });

  it("sorts ids as people count, whatever they are written with", () => {
    const order = (ids: readonly string[]) => {
      const [id] = patientColumns({...cohort, n: ids.length, patient: (row) => ids[row]});
      return Array.from(sortedRows(Uint32Array.from(ids.keys()), id, false), (row) => ids[row]);
    };
    expect(order(["P10", "p9", "P2", "P010-3", "P10-20"])).toEqual(["P2", "p9", "P10", "P010-3", "P10-20"]);
    expect(order(["É10", "E9", "É2", "F1"])).toEqual(["É2", "E9", "É10", "F1"]);
  });

  it("is handed out with its numbers in full and what is missing empty", () => {
    const rows = Uint32Array.of(0, 3);
    const [head, ...lines] = patientsCsv(columns, rows)
      .trimEnd()
      .split("\r\n")
      .map((line) => line.split(","));
    expect(head.length).toBe(columns.length);
    const at = (id: string) => columns.findIndex((c) => c.id === id);
    expect(lines.map((cells) => cells[0])).toEqual([cohort.patient(0), cohort.patient(3)]);
    expect(lines.map((cells) => cells[at("sex")])).toEqual(["male", "male"]);
    expect(lines.map((cells) => cells[at("wt.loss")])).toEqual(["", "11"]);
    expect(Number(lines[0][at("os_time")])).toBe(cohort.followUp("os").time[0]);
  });

  it("keeps the order of the file among equal values", () => {
    const order = sortedRows(everyone, column("sex"), false);
    const men = order.filter((row) => column("sex").text(row) === "male");
    expect([...men]).toEqual([...men].sort((a, b) => a - b));
  });
});
