import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {groupRows} from "../../src/cohort/groups.js";
import {countRows, filterMask, patientMask, rowMask} from "../../src/cohort/rowMask.js";
import {
  defaultSelection,
  MOST_NAMED,
  NAMED,
  PATIENT,
  stratifier,
  withNamed,
  withoutNamed
} from "../../src/cohort/selection.js";
import type {Filter, NamedPatients, Selection} from "../../src/cohort/selection.js";
import {readSelection, writeSelection} from "../../src/cohort/selectionUrl.js";
import {selectionWords} from "../../src/cohort/selectionWords.js";
import {savedSelections} from "../../src/components/savedSelections.js";
import {selections} from "./anySelection.js";
import {lungCohort} from "./lungCohort.js";

const {cohort, study} = lungCohort();
const usual = defaultSelection(study);
const men: Filter = {variable: "sex", levels: ["1"]};
const women: Filter = {variable: "sex", levels: ["2"]};
const old: Filter = {variable: "age", from: 65, to: null};
const three: Filter = {variable: PATIENT, ids: ["L1", "L2", "L228", "L999"]};
const named = (name: string, ...filters: Filter[]): NamedPatients => ({name, filters, anyOf: []});

describe("alternatives", () => {
  it("keep who passes all filters and those of one alternative or more", () => {
    fc.assert(
      fc.property(selections, ({filters, anyOf}) => {
        const passes = (list: readonly Filter[]) => {
          const masks = list.map((filter) => filterMask(cohort, filter));
          return (row: number) => masks.every((mask) => mask[row] === 1);
        };
        const all = passes(filters);
        const any = anyOf.map(passes);
        const kept = patientMask(cohort, {filters, anyOf});
        for (let row = 0; row < cohort.n; row++)
          expect(kept[row]).toBe(Number(all(row) && (any.length === 0 || any.some((one) => one(row)))));
      }),
      {numRuns: 50}
    );
  });
  it("without filters count for nothing", () => {
    const kept = (anyOf: Filter[][]) => countRows(rowMask(cohort, {...usual, anyOf}));
    expect(kept([[], []])).toBe(228);
    expect(kept([[women], []])).toBe(90);
  });
  it("are said in words", () => {
    const words = (selection: Partial<Selection>) => selectionWords(study, {...usual, ...selection});
    expect(words({filters: [men], anyOf: [[old], [{variable: "ph.ecog", levels: ["2"]}, women]]})).toBe(
      "Sex: male; (Age ≥ 65 years) or (ECOG: 2, Sex: female)"
    );
    expect(words({filters: [three]})).toBe("patients L1, L2, L228, L999");
    expect(words({filters: [{...three, not: true}]})).toBe("not (patients L1, L2, L228, L999)");
  });
});

describe("a filter by id", () => {
  it("keeps the patients named, as far as the study has them", () => {
    const rows = filterMask(cohort, three);
    expect(Array.from(rows.keys()).filter((row) => rows[row] === 1)).toEqual([0, 1, 227]);
    expect(countRows(filterMask(cohort, {...three, not: true}))).toBe(225);
  });
  it("keeps everyone while no one is named", () => {
    for (const not of [false, true]) expect(countRows(filterMask(cohort, {variable: PATIENT, ids: [], not}))).toBe(228);
  });
});

describe("named selections", () => {
  const compared: Selection = {...usual, stratifyBy: NAMED, named: [named("Men", men), named("Old", old)]};
  it("are groups of one comparison; who is in two is in neither, and counted", () => {
    const grouping = groupRows(cohort, compared, rowMask(cohort, compared));
    const [isMan, isOld] = [filterMask(cohort, men), filterMask(cohort, old)];
    let [both, neither] = [0, 0];
    for (let row = 0; row < cohort.n; row++) {
      const expected = isMan[row] && isOld[row] ? NaN : isMan[row] ? 0 : isOld[row] ? 1 : NaN;
      expect(grouping.code[row]).toBe(expected);
      both += isMan[row] & isOld[row];
      neither += Number(!isMan[row] && !isOld[row]);
    }
    expect(grouping.overlapping).toBe(both);
    expect(grouping.missing).toBe(neither);
    expect(both).toBeGreaterThan(10);
    expect(grouping.groups.map(({label}) => label)).toEqual(["Men", "Old"]);
    expect(stratifier(study, compared)!.levels!.map(({label}) => label)).toEqual(["Men", "Old"]);
  });
  it("are at most so many, and a name used again means the new patients", () => {
    let selection = usual;
    for (let k = 0; k < MOST_NAMED; k++) selection = withNamed(selection, named(`${k}`, men));
    expect(withNamed(selection, named("one more", old))).toBe(selection);
    expect(withNamed(selection, named("3", old)).named[3].filters).toEqual([old]);
  });
  it("leave the usual groups when fewer than two are left to compare", () => {
    const {stratifyBy, named: left} = withoutNamed(study, compared, "Men");
    expect(left.map(({name}) => name)).toEqual(["Old"]);
    expect(stratifyBy).toBe(usual.stratifyBy);
  });
  it("come back from a link, which says when it has too many or two of a name", () => {
    const link = writeSelection(compared, study);
    expect(link).toBe("by=*named&set1.name=Men&set1.in.sex=1&set2.name=Old&set2.from.age=65&v=3");
    expect(readSelection(link, study)).toEqual({selection: compared, problems: []});
    const many = Array.from({length: 10}, (_, k) => `set${k + 1}.name=${k}`).join("&");
    const read = readSelection(`${many}&set11.name=0`, study);
    expect(read.selection.named.map(({name}) => name)).toEqual(["0", "1", "2", "3", "4", "5", "6", "7"]);
    expect(read.problems).toEqual([
      'The link names more than 8 selections; "8" was left out.',
      'The link names more than 8 selections; "9" was left out.',
      'The link names two selections "0"; the second was left out.'
    ]);
  });
  it("read links of the first version as they were", () => {
    const {selection, problems} = readSelection("by=age&cut=50,60&not=sex&in.sex=1&from.age=40&v=1", study);
    expect(problems).toEqual([]);
    expect(selection.filters).toEqual([
      {...men, not: true},
      {variable: "age", from: 40, to: null}
    ]);
  });
  it("read links of the second version with the pointwise band", () => {
    const {selection, problems} = readSelection("interval=plain&horizon=300&v=2", study);
    expect(problems).toEqual([]);
    expect(selection).toEqual({...defaultSelection(study), interval: "plain", horizon: 300});
    expect(selection.band).toBe("pointwise");
  });
});

describe("savedSelections(study)", () => {
  const memory = (): Storage => {
    const kept = new Map<string, string>();
    return {
      getItem: (key: string) => kept.get(key) ?? null,
      setItem: (key: string, value: string) => void kept.set(key, value)
    } as Storage;
  };
  it("keeps, replaces and forgets them by name", () => {
    const saved = savedSelections(study, memory());
    saved.save(named("Men & co.\nin Lyon", men, three));
    saved.save(named("Old", old));
    saved.save(named("Old", old, women));
    expect(saved.all()).toEqual([named("Men & co.\nin Lyon", men, three), named("Old", old, women)]);
    saved.forget("Men & co.\nin Lyon");
    expect(saved.all().map(({name}) => name)).toEqual(["Old"]);
  });
  it("keeps nothing where there is no storage or it is full", () => {
    const full = {...memory(), setItem: () => { throw new Error("full"); }} as Storage; // prettier-ignore
    for (const storage of [null, full]) {
      const saved = savedSelections(study, storage);
      saved.save(named("Men", men));
      expect(saved.all()).toEqual([]);
    }
  });
});
