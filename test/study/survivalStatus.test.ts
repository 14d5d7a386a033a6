import {describe, expect, it} from "vitest";
import {survivalStatus} from "../../data-loaders/study/survivalStatus.js";

describe("survivalStatus(cell)", () => {
  it.each([
    ["1:DECEASED", 1],
    ["0:LIVING", 0],
    ["1:Recurred/Progressed", 1],
    ["0:DiseaseFree", 0],
    ["0:CENSORED", 0],
    ["1:PROGRESSION", 1],
    ["0:ALIVE OR DEAD TUMOR FREE", 0],
    ["1:DEAD WITH TUMOR", 1],
    ["1:anything", 1],
    ["0", 0],
    ["1", 1],
    ["LIVING", 0],
    ["Deceased", 1],
    ["DiseaseFree", 0],
    ["Disease Free", 0],
    ["Recurred", 1],
    ["Recurred/Progressed", 1],
    ["", null],
    ["[Not Available]", null],
    ["na", null],
    ["[Not Applicable]", null],
    ["1:LIVING", "contradiction"],
    ["0:Progressed", "contradiction"],
    ["2:Other", "unknown"],
    ["10", "unknown"],
    ["yes", "unknown"]
  ])("%s: %s", (cell, said) => {
    expect(survivalStatus(cell)).toBe(said);
  });
});
