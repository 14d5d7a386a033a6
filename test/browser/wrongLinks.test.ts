import {beforeAll, describe, expect, it} from "vitest";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

/** Pages that follow a selection, by what shows that they stand. */
const following = {
  "index.html": ".stage svg",
  "nomogram.html": ".nomogram",
  "survival.html": ".stage svg",
  "subgroups.html": ".stage svg",
  "treatment.html": ".stage svg",
  "signatures.html": ".slice-browser",
  "pathways.html": ".stage svg",
  "patients.html": "table.patients tbody th"
} as const;
const others = ["predict.html", "query.html", "methods.html"] as const;

/** What a link can ask for that this site cannot mean, and what of it must be named. */
const links = [
  ["of a site with other columns, of a newer version", "?in.shoe_size=3&by=height&v=99", [/"shoe_size"/, /"height"/]],
  [
    "of levels, patients and named selections that are gone",
    "?in.sex=martian&set1.name=A&set1.in.height=1",
    [/martian/]
  ],
  ["cut in half", "?in.sex=%E0%A4%A&from.age=", []]
] as const;

describe("a link that the site cannot mean", () => {
  it.each(links)(
    "%s: every page says so in sentences, and stands",
    async (_, query, named) => {
      for (const [name, stands] of Object.entries(following)) {
        const faults = await site.visiting(
          `${name}${query}`,
          async (page) => {
            const said = (await page.locator(".problem").allInnerTexts()).join(" ");
            for (const wanted of named) expect(said, `${name}${query}`).toMatch(wanted);
            expect(await page.locator(".observablehq--error").count(), name).toBe(0);
          },
          stands
        );
        expect(faults, name).toEqual([]);
      }
      for (const name of others) {
        const faults = await site.visiting(`${name}${query}`, async (page) => {
          await page.waitForSelector("#observablehq-main h1");
          await page.waitForLoadState("networkidle");
          expect(await page.locator(".observablehq--error").count(), name).toBe(0);
        });
        expect(faults, name).toEqual([]);
      }
    },
    120_000
  );
});
