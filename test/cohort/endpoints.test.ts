import fc from "fast-check";
import {beforeAll, describe, expect, it} from "vitest";
import type {DuckDBConnection} from "@duckdb/duckdb-wasm/blocking";
import {readDefinition, writeDefinition} from "../../src/cohort/endpointDefinition.js";
import type {EndpointDefinition} from "../../src/cohort/endpointDefinition.js";
import {maskOf, rowMask} from "../../src/cohort/rowMask.js";
import {defaultSelection, endpointOf, PATIENT, withFilter} from "../../src/cohort/selection.js";
import {COHORT_TABLE, EVENTS_TABLE, selectionSql} from "../../src/cohort/selectionSql.js";
import {readSelection, writeSelection} from "../../src/cohort/selectionUrl.js";
import {selectionWords} from "../../src/cohort/selectionWords.js";
import {inTimeUnit} from "../../src/cohort/timeUnit.js";
import {exclusionRemarks} from "../../src/components/exclusionRemarks.js";
import {survivalAnswer} from "../../src/components/survivalAnswer.js";
import {expectClose} from "../survival/referenceData.js";
import {duckdbWith} from "./duckdbInNode.js";
import {eventCohort, fixtureCohorts, fixtureKinds as kinds} from "./eventCohort.js";

const cohorts = fixtureCohorts();
const [leukaemia, entered, disease] = cohorts;
const everyone = ({n}: {n: number}) => new Uint8Array(n).fill(1);

describe("an endpoint made of dated events", () => {
  it.each(cohorts.flatMap(({cases, ...rest}) => cases.map((truth) => ({...rest, ...truth, truth, of: rest.name}))))(
    "is R's, patient by patient, and in curves and Cox model: $of, $name",
    ({cohort, study, truth}) => {
      const selection = {...defaultSelection(study), endpoint: truth.definition};
      const {time, event, status, entry} = cohort.followUp(truth.definition);
      const known = (column: ArrayLike<number>) => Array.from(column, (v, i) => (Number.isNaN(time[i]) ? null : v));
      expect(known(time)).toEqual(truth.time);
      expect(known(status)).toEqual(truth.status);
      expect(known(event)).toEqual(truth.status.map((s) => (s === null ? null : Number(s === 1))));
      if (entry) expect(known(entry)).toEqual(truth.entry);
      const {groups, logRank, hazardRatios} = survivalAnswer(cohort, selection, everyone(cohort));
      expect(groups.map(({n}) => n)).toEqual(truth.n);
      expect(groups.map(({events}) => events)).toEqual(truth.events);
      for (const limit of ["lower", "upper"] as const)
        expectClose(groups.map(({median}) => median[limit]), truth[limit], 1e-9); // prettier-ignore
      expectClose(groups.map(({median}) => median.time), truth.median, 1e-9); // prettier-ignore
      expectClose([logRank!.chiSquare], truth.chiSquare, 1e-9);
      const [{hazardRatio, lower, upper}] = hazardRatios;
      expectClose([hazardRatio, lower, upper], [truth.hazardRatio, truth.hazardLower, truth.hazardUpper], 1e-7);
    }
  );
  it("is, from time zero to death, the study's own endpoint", () => {
    for (const {cohort} of [leukaemia, entered])
      for (const column of ["time", "event", "status", "entry"] as const)
        expect(cohort.followUp("*1.zero.death")[column]).toEqual(cohort.followUp("os")[column]);
  });
  it("follows in another unit of time as any endpoint does", () => {
    const {cohort, study} = leukaemia;
    const asked = {...defaultSelection(study), endpoint: "*1.first-response.death", unit: "months" as const};
    const shown = inTimeUnit(cohort, asked);
    expect(endpointOf(shown.cohort.study, shown.selection).unit).toBe("months");
    const days = cohort.followUp(asked.endpoint).time;
    expectClose(
      shown.cohort.followUp(asked.endpoint).time,
      Array.from(days, (t) => (t * 12) / 365.25),
      1e-15
    );
    expect(exclusionRemarks(shown.cohort, asked)).toEqual(exclusionRemarks(cohort, asked));
  });
});

describe("who is not in a defined endpoint", () => {
  // Of six patients followed for 10 days, by what happened to them.
  const {cohort, study} = eventCohort({
    time: Float64Array.of(10, 10, 10, 10, 10, NaN),
    event: Int8Array.of(1, 0, 0, 0, 1, -1),
    entry: null,
    group: ["a", "a", "a", "b", "b", "b"],
    events: {
      row: [0, 0, 2, 3, 4, 4, 4, 5],
      kind: ["surgery", "relapse", "surgery", "surgery", "relapse", "surgery", "relapse", "surgery"],
      time: [4, 4, 10, 12, 2, 3, 7, 1]
    },
    kinds: ["surgery", "relapse", "death"]
  });
  const endpoint = "*1.first-surgery.relapse";
  const selection = {...defaultSelection(study), endpoint};
  it("is counted by the reason", () => {
    expect(exclusionRemarks(cohort, selection)).toEqual([
      "Of 6 selected patients 4 are not in this endpoint: 1 without follow-up, 1 never had surgery, 1 had surgery only after the end of follow-up, 1 not followed beyond surgery.",
      "2 patients had such an event before the start or with it; only later ones count.",
      "Death is taken as a censoring here, as if the dead could still have the event; as a competing event it is not."
    ]);
    expect(Array.from(cohort.followUp(endpoint).time)).toEqual([6, NaN, NaN, NaN, 4, NaN]);
    expect(Array.from(cohort.followUp(endpoint).event)).toEqual([0, 0, 0, 0, 1, 0]);
  });
  it("is counted among those selected only, and not of the study's own endpoints", () => {
    const two = withFilter(selection, PATIENT, {variable: PATIENT, ids: ["E1", "E6"]});
    for (const landmark of [null, 3])
      expect(exclusionRemarks(cohort, {...two, landmark})[0]).toBe(
        "Of 2 selected patients 1 is not in this endpoint: 1 without follow-up."
      );
    expect(exclusionRemarks(cohort, {...two, endpoint: "os"})).toEqual([]);
  });
});

describe("what a definition does to its reading", () => {
  it("is said of a start known only afterwards, of cut follow-up, and of the dead", () => {
    const remarks = ({cohort, study}: (typeof cohorts)[number], endpoint: string) =>
      exclusionRemarks(cohort, {...defaultSelection(study), endpoint}).join(" ");
    expect(remarks(disease, "*1.last-infection.infection")).toMatch(
      /Which infection was the last is known only afterwards/
    );
    const cut = remarks(leukaemia, "*1.zero.relapse..transplant");
    expect(cut).toMatch(/Follow-up cut off at an event is no chance censoring/);
    expect(cut).toMatch(/Death is taken as a censoring here/);
    expect(remarks(leukaemia, "*1.first-response.relapse.death")).not.toMatch(/Death|afterwards|cut off/);
  });
});

const roles = ["none", "to", "competing", "censoring"] as const;
/** Any definition that the leukaemia's events allow. */
const definitions: fc.Arbitrary<EndpointDefinition> = fc
  .record({
    start: fc.constantFrom(null, ...kinds.myeloid),
    which: fc.constantFrom("first" as const, "last" as const),
    by: fc.tuple(...kinds.myeloid.map(() => fc.constantFrom(...roles)))
  })
  .map(({start, which, by}) => {
    const of = (role: (typeof roles)[number]) => kinds.myeloid.filter((_, k) => by[k] === role);
    const to = of("to");
    const rest = {competing: of("competing"), censoring: of("censoring")};
    return to.length > 0
      ? {from: start && {which, kind: start}, to, ...rest}
      : {from: start && {which, kind: start}, to: ["relapse"], competing: [], censoring: []};
  });

describe("a definition in the address", () => {
  const {study} = leukaemia;
  const usual = defaultSelection(study);
  it("comes back as it was, and no letter of it is escaped", () => {
    fc.assert(
      fc.property(definitions, (definition) => {
        const endpoint = writeDefinition(definition, study);
        expect(readDefinition(endpoint, study)).toEqual({definition, problems: []});
        const query = writeSelection({...usual, endpoint}, study);
        expect(query.replace(/&v=\d+$/, "")).toBe(`endpoint=${endpoint}`);
        expect(readSelection(query, study)).toEqual({selection: {...usual, endpoint}, problems: []});
      })
    );
  });
  it("is the same whatever the order of its kinds", () => {
    const read = readSelection("endpoint=*1.zero.death-relapse", study);
    expect(read.selection.endpoint).toBe("*1.zero.relapse-death");
  });
  it.each([
    ["*1.zero.death-cure", "*1.zero.death", /"cure", a kind of event that this study does not have; it was left out/],
    ["*1.zero.death.cure", "*1.zero.death", /"cure"/],
    ["*1.zero.cure", "os", /no start or no event left; the usual endpoint is shown/],
    ["*1.first-cure.death", "os", /no start or no event left/],
    ["*1.then-relapse.death", "os", /no start or no event left/],
    ["*9.zero.death", "os", /defines an endpoint as "\*9\.zero\.death", which this site cannot read/],
    ["*1.zero.death....", "os", /cannot read/],
    ["*", "os", /cannot read/]
  ])("says what of %s it cannot use, and the rest of the link lives", (endpoint, shown, sentence) => {
    const {selection, problems} = readSelection(`endpoint=${endpoint}&in.arm=A`, study);
    expect(selection).toEqual({...usual, endpoint: shown, filters: [{variable: "arm", levels: ["A"]}]});
    expect(problems.join(" ")).toMatch(sentence);
  });
  it("says so where the study has no dated events", () => {
    const {selection, problems} = readSelection("endpoint=*1.zero.death", {...study, events: null});
    expect(selection.endpoint).toBe("os");
    expect(problems).toEqual([
      "The link defines an endpoint by dated events, which this study does not have; the usual endpoint is shown."
    ]);
  });
  it("gives a kind one part only, the first that the link gives it", () => {
    const {selection} = readSelection("endpoint=*1.zero.death-death.death-relapse.relapse", study);
    expect(selection.endpoint).toBe("*1.zero.death.relapse");
  });
  it("never makes a page fail, whatever the link says", () => {
    fc.assert(
      fc.property(fc.string({unit: fc.constantFrom(..."*1.-zerofirstdathlp")}), (junk) => {
        const {selection} = readSelection(new URLSearchParams({endpoint: `*1.${junk}`}).toString(), study);
        expect(leukaemia.cohort.followUp(selection.endpoint).time.length).toBe(leukaemia.cohort.n);
        expect(endpointOf(study, selection).label).not.toBe("");
      })
    );
  });
  it("is told in words", () => {
    const words = (endpoint: string, of = study) => selectionWords(of, {...usual, endpoint});
    expect(words("*1.first-response.relapse-death..transplant")).toBe(
      "all patients; endpoint defined from response to relapse or death, whichever came first; censored at transplant, at the latest at the end of follow-up"
    );
    expect(endpointOf(study, {endpoint: "*1.zero.relapse.death"}).label).toBe("Diagnosis to relapse");
    expect(endpointOf(disease.study, {endpoint: "*1.last-infection.infection"}).label).toBe(
      "Last infection to infection"
    );
  });
});

describe.each([leukaemia, entered, disease])("selectionSql(selection, study) of defined endpoints: $name", (one) => {
  const {cohort, study, bytes, eventBytes} = one;
  let connection: DuckDBConnection;
  beforeAll(async () => {
    connection = await duckdbWith({[COHORT_TABLE]: bytes, [EVENTS_TABLE]: eventBytes});
  });
  it("gives the very rows of rowMask at any landmark: both derive the endpoint, each in its own way", () => {
    const own = study.events!.kinds.map(({id}) => id);
    fc.assert(
      fc.property(definitions, fc.option(fc.integer({min: 0, max: 900})), (definition, landmark) => {
        const known = (ids: readonly string[]) => ids.filter((id) => own.includes(id));
        const to = known(definition.to);
        const from = definition.from && own.includes(definition.from.kind) ? definition.from : null;
        const endpoint = writeDefinition(
          {from, to: to.length > 0 ? to : [own[0]], competing: known(definition.competing), censoring: []},
          study
        );
        const selection = {...defaultSelection(study), endpoint, landmark};
        const rows = connection.query(selectionSql(selection, study)).getChild("row")!.toArray();
        expect(maskOf(rows, cohort.n)).toEqual(rowMask(cohort, selection));
      }),
      {numRuns: 60}
    );
  });
});
