import {describe, expect, it} from "vitest";
import {groupRows} from "../../src/cohort/groups.js";
import {defaultSelection} from "../../src/cohort/selection.js";
import {signatureCells, signaturesBySplit} from "../../src/components/pathways/signaturesBySplit.js";
import {pbcCohort} from "./pbcCohort.js";

describe("signaturesBySplit(cohort, grouping, rows)", () => {
  const {cohort} = pbcCohort();
  const rows = new Uint8Array(cohort.n).fill(1);

  it("gives n, quartiles and the t-test of the risk score by group", () => {
    const selection = {...defaultSelection(cohort.study), stratifyBy: "sex"};
    const [line] = signaturesBySplit(cohort, groupRows(cohort, selection, rows), rows);
    expect(line.groups.map(({n}) => n)).toEqual([374, 44]);
    // R 4.2.2: score <- 0.04 * pbc$age + 0.9 * log(pbc$bili); t.test(score ~ pbc$sex, var.equal = TRUE)$p.value and
    // tapply(score, pbc$sex, quantile).
    expect(line.p).toBeCloseTo(0.008695747681367143, 12);
    const truth = [
      [1.742780571659551, 2.29157224512815, 3.163555359345174],
      [2.234867198668851, 2.839540820122791, 3.551199599587397]
    ];
    truth.forEach((quartiles, g) =>
      quartiles.forEach((q, k) => expect(line.groups[g].quartiles[k]).toBeCloseTo(q, 12))
    );
    expect(signatureCells(line).length).toBe(4);
  });

  it("says nothing of who is not selected, and has no number for an empty group", () => {
    const selection = {...defaultSelection(cohort.study), stratifyBy: "sex"};
    const sex = cohort.variable("sex");
    const women = Uint8Array.from(rows, (_, i) => Number(sex.type === "categorical" && sex.codes[i] === 0));
    const [line] = signaturesBySplit(cohort, groupRows(cohort, selection, women), women);
    expect(line.groups.map(({n}) => n)).toEqual([374, 0]);
    expect(line.p).toBeNaN();
    expect(signatureCells(line)[2]).toBe("– (– to –)");
  });
});
