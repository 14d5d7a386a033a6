import type {DuckDBConnection} from "@duckdb/duckdb-wasm/blocking";
import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import {crossedGroups, groupRows} from "../../src/cohort/groups.js";
import {countRows, maskOf, rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, isUnbounded, PATIENT, withFilter} from "../../src/cohort/selection.js";
import type {Filter, Selection} from "../../src/cohort/selection.js";
import {COHORT_TABLE, selectionSql} from "../../src/cohort/selectionSql.js";
import {readSelection, writeSelection} from "../../src/cohort/selectionUrl.js";
import {selectionWords} from "../../src/cohort/selectionWords.js";
import {selections} from "./anySelection.js";
import {duckdbWith} from "./duckdbInNode.js";
import {lungCohort} from "./lungCohort.js";

const {cohort, study, data, bytes} = lungCohort();
const everyone = new Uint8Array(cohort.n).fill(1);
const usual = defaultSelection(study);

describe("readCohort(bytes, study)", () => {
  it("gives back every value the loaders wrote, missing ones as NaN or −1", () => {
    const ecog = cohort.variable("ph.ecog");
    const weight = cohort.variable("wt.loss");
    if (ecog.type !== "categorical" || weight.type !== "numeric") throw new Error("types are turned round");
    const read = Array.from(ecog.codes, (c) => (c < 0 ? null : ecog.levels[c].value));
    expect(read).toEqual(data["ph.ecog"].map((v) => (v === null ? null : String(v))));
    expect(Array.from(weight.values, (v) => (Number.isNaN(v) ? null : v))).toEqual(data["wt.loss"]);
    expect(cohort.patient(227)).toBe("L228");
    expect(cohort.followUp("os").event.reduce((sum, e) => sum + e, 0)).toBe(165);
    expect(cohort.provenance?.study).toBe("lung");
  });
  it("names a variable the study does not have", () => {
    expect(() => cohort.variable("height")).toThrow('The study has no variable "height".');
  });
});

describe("rowMask(cohort, selection)", () => {
  it("keeps levels and ranges with their bounds, and no one whose value is missing", () => {
    const filters: Filter[] = [
      {variable: "sex", levels: ["2"]},
      {variable: "wt.loss", from: 0, to: 10}
    ];
    const kept = rowMask(cohort, {...usual, filters});
    const expected = data.sex.map((sex, i) => {
      const loss = data["wt.loss"][i];
      return Number(sex === 2 && loss !== null && Number(loss) >= 0 && Number(loss) <= 10);
    });
    expect(Array.from(kept)).toEqual(expected);
    expect(countRows(kept)).toBeGreaterThan(10);
  });
  it("splits those whose value is known, as a filter does, when the filter is turned round", () => {
    fc.assert(
      fc.property(selections, ({filters}) => {
        for (const filter of filters) {
          if (filter.variable === PATIENT || isUnbounded(filter)) continue;
          const column = cohort.variable(filter.variable);
          const known = (i: number) =>
            column.type === "numeric" ? !Number.isNaN(column.values[i]) : column.codes[i] >= 0;
          const kept = rowMask(cohort, {...usual, filters: [{...filter, not: false}]});
          const left = rowMask(cohort, {...usual, filters: [{...filter, not: true}]});
          for (let i = 0; i < cohort.n; i++) expect(kept[i] + left[i]).toBe(Number(known(i)));
        }
      })
    );
  });
  it("keeps at a landmark those followed beyond it", () => {
    const kept = rowMask(cohort, {...usual, landmark: 365});
    expect(countRows(kept)).toBe(data.time.filter((t) => Number(t) > 365).length);
  });
});

describe("groupRows(cohort, selection, rows)", () => {
  it("cuts at the median of the selected patients, who lie below it if equal, and counts the missing", () => {
    const selection = {...usual, stratifyBy: "wt.loss", filters: [{variable: "sex", levels: ["1"]}]};
    const rows = rowMask(cohort, selection);
    const {groups, code, cut, missing} = groupRows(cohort, selection, rows);
    // R: with(lung, median(wt.loss[sex == 1], na.rm = TRUE)) is 8; sum(is.na(wt.loss[sex == 1])) is 10
    expect(cut).toEqual([8]);
    expect(missing).toBe(10);
    expect(groups.map(({label}) => label)).toEqual(["Weight loss ≤ 8 pounds", "Weight loss > 8 pounds"]);
    const low = Array.from(code).filter((c, i) => rows[i] && c === 0).length;
    expect(low).toBe(data["wt.loss"].filter((v, i) => data.sex[i] === 1 && v !== null && Number(v) <= 8).length);
  });
  it("makes tertiles as R's quantile does", () => {
    // R: quantile(lung$age, c(1, 2)/3) is 59 and 68
    const {cut, groups} = groupRows(cohort, {...usual, stratifyBy: "age", cut: {rule: "tertiles"}}, everyone);
    expect(cut).toEqual([59, 68]);
    expect(groups[1].label).toBe("Age > 59 to 68 years");
  });
  it("makes quartiles as R's quantile does", () => {
    // R: quantile(lung$age, 1:3/4) is 56, 63 and 69
    expect(groupRows(cohort, {...usual, stratifyBy: "age", cut: {rule: "quartiles"}}, everyone).cut).toEqual([
      56, 63, 69
    ]);
  });
  it("crosses two variables: each patient is in the group of both of his", () => {
    fc.assert(
      // A reference by its key may be a pair's and none of the parts'.
      fc.property(selections, (drawn) => {
        const selection = {...drawn, reference: null};
        const rows = rowMask(cohort, selection);
        const both = crossedGroups(cohort, selection, rows);
        const alone = (stratifyBy: string | null, cut: Selection["cut"]) =>
          groupRows(cohort, {...selection, stratifyBy, cut}, rows);
        const first = alone(selection.stratifyBy, selection.cut);
        const {crossBy, stratifyBy} = selection;
        if (crossBy === null || crossBy === stratifyBy) {
          expect(both).toEqual(first);
          return;
        }
        const second = alone(crossBy, {rule: "median"});
        if (stratifyBy === null) {
          expect(both).toEqual(second);
          return;
        }
        let missing = 0;
        for (let i = 0; i < cohort.n; i++) {
          const [a, b] = [first.groups[first.code[i]]?.label, second.groups[second.code[i]]?.label];
          const expected = a === undefined || b === undefined ? undefined : `${a}, ${b}`;
          expect(both.groups[both.code[i]]?.label).toBe(expected);
          if (rows[i] && expected === undefined) missing++;
        }
        expect(both.missing + both.overlapping).toBe(missing);
        expect(both.overlapping).toBe(first.overlapping);
        expect(both.groups[both.reference].label).toBe(
          `${first.groups[first.reference].label}, ${second.groups[second.reference].label}`
        );
      }),
      {numRuns: 30}
    );
  });
  it("names the variable where a level's own label says nothing", () => {
    const labels = (stratifyBy: string) =>
      groupRows(cohort, {...usual, stratifyBy}, everyone).groups.map(({label}) => label);
    expect(labels("ph.ecog")).toEqual(["ECOG: 0", "ECOG: 1", "ECOG: 2", "ECOG: 3"]);
    expect(labels("sex")).toEqual(["male", "female"]);
  });
  it("gives risk groups their own colours and takes the reference from the study", () => {
    const risk = {
      id: "sex",
      label: "Risk group",
      type: "categorical" as const,
      origin: "risk" as const,
      levels: [
        {value: "low", label: "Low risk"},
        {value: "high", label: "High risk"}
      ],
      reference: "high"
    };
    const other = {
      ...cohort,
      study: {...study, variables: [risk]},
      variable: () => ({type: "categorical" as const, codes: new Int32Array(cohort.n), levels: risk.levels})
    };
    const {groups, reference} = groupRows(other, {...usual, stratifyBy: "sex"}, everyone);
    expect(groups.map(({tone}) => tone)).toEqual(["low", "high"]);
    expect(reference).toBe(1);
  });
});

describe("selection in the URL", () => {
  it("comes back as it was, whatever was selected", () => {
    fc.assert(
      fc.property(selections, (selection) => {
        const {selection: read, problems} = readSelection(`?${writeSelection(selection, study)}`, study);
        expect(problems).toEqual([]);
        expect(read).toEqual(selection);
      })
    );
  });
  it("is empty for what a page shows first", () => {
    expect(writeSelection(usual, study)).toBe("");
  });
  it.each([
    ["by=shoe_size", /groups by "shoe_size"/],
    ["in.sex=7", /Sex by "7", which is not one of its values/],
    ["in.height=3", /filters by "height"/],
    ["from.sex=3", /does not fit/],
    ["from.age=old", /"old", which is no number/],
    ["not=sex", /turns the filter by "sex" round/],
    ["and=shoe_size", /groups by "shoe_size" too/],
    ["v=7", /version "7"/],
    ["landmark=-3", /landmark "-3"/],
    ["horizon=0", /at "0", which is no time above 0/],
    ["cut=wide", /cuts at "wide"/],
    ["endpoint=pfs", /endpoint "pfs"/],
    ["unit=fortnights", /times in "fortnights"/],
    ["interval=99", /interval "99"/],
    ["band=rubber", /band "rubber"/],
    ["utm_source=mail", /means nothing here/],
    ["__proto__=1&constructor=2", /means nothing here/],
    ["name=men", /says "name", which means nothing here/],
    ["any1.name=men", /says "any1.name", which means nothing here/],
    ["any1.in.height=3", /filters by "height"/],
    ["set1.in.sex=1", /named selection 1 has no name/],
    ["by=*named", /names fewer than two/],
    ["in.se", /says "in.se"|filters by "se"/]
  ])("says what it cannot use: %s", (query, sentence) => {
    const {selection, problems} = readSelection(query, study);
    expect(selection).toEqual(usual);
    expect(problems[0]).toMatch(sentence);
  });
  it("never throws, whatever the link says", () => {
    fc.assert(
      fc.property(fc.string({unit: "binary"}), (junk) => {
        const {selection} = readSelection(junk, study);
        expect(rowMask(cohort, selection).length).toBe(cohort.n);
      })
    );
  });
});

describe("selectionWords(study, selection)", () => {
  it("says who is looked at", () => {
    let selection: Selection = {...usual, landmark: 90};
    selection = withFilter(selection, "sex", {variable: "sex", levels: ["2"]});
    selection = withFilter(selection, "age", {variable: "age", from: 40, to: null});
    expect(selectionWords(study, selection)).toBe(
      "Sex: female; Age ≥ 40 years; still followed without the event after 90 days"
    );
    expect(selectionWords(study, withFilter(usual, "sex", null))).toBe("all patients");
    const men = {variable: "sex", levels: ["1"], not: true};
    expect(selectionWords(study, withFilter(usual, "sex", men))).toBe("not (Sex: male)");
  });
});

describe("selectionSql(selection, study), asked of DuckDB", () => {
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await duckdbWith({[COHORT_TABLE]: bytes});
  });
  it("gives the very rows of rowMask", () => {
    fc.assert(
      fc.property(selections, (selection) => {
        const rows = connection.query(selectionSql(selection, study)).getChild("row")!.toArray();
        expect(maskOf(rows, cohort.n)).toEqual(rowMask(cohort, selection));
      })
    );
  });
  it("gives the rows of a filter that keeps nobody or everybody, turned round", () => {
    for (const filter of [
      {variable: "ph.ecog", levels: [], not: true},
      {variable: "wt.loss", from: null, to: null, not: true}
    ]) {
      const selection = {...usual, filters: [filter]};
      const rows = connection.query(selectionSql(selection, study)).getChild("row")!.toArray();
      expect(maskOf(rows, cohort.n)).toEqual(rowMask(cohort, selection));
    }
  });
  it("takes names and values with quotes as they are", () => {
    const selection = {...usual, filters: [{variable: "ph.ecog", levels: ["0' OR '1' = '1", "2"]}]};
    const rows = connection.query(selectionSql(selection, study)).getChild("row")!.toArray();
    expect(maskOf(rows, cohort.n)).toEqual(rowMask(cohort, selection));
    expect(selectionSql({...usual, filters: [{variable: 'a"b', levels: ["x"]}]}, study)).toContain(`"a""b" IN ('x')`);
  });
  it("lets no query reach outside or unlock it", () => {
    expect(() => connection.query("SELECT * FROM read_csv('https://example.org/x.csv')")).toThrow(
      /disabled|permission/i
    );
    expect(() => connection.query("SET enable_external_access = true")).toThrow(/lock|cannot/i);
  });
});
