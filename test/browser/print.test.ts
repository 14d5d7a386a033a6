import {beforeAll, describe, expect, it} from "vitest";
import {DRAWN} from "./explorerPage.js";
import {watchedPage} from "./openBrowser.js";
import {openSite} from "./openSite.js";
import type {Site} from "./openSite.js";

let site: Site;
beforeAll(async () => {
  site = await openSite();
});

describe("on paper", () => {
  it("a page is light, without what can only be pressed, and says its selection and its address", async () => {
    await site.inContext(
      async (context) => {
        const {page, faults} = await watchedPage(context, site.url);
        await page.goto(`${site.url}survival.html?in.sex=male`);
        await page.waitForSelector(DRAWN);
        const shade = () => page.evaluate(() => getComputedStyle(document.body).getPropertyValue("--paper").trim());
        expect(await shade()).toBe("#161616");
        await page.emulateMedia({media: "print"});
        expect(await shade()).toBe("#ffffff");
        for (const gone of [".panel", ".downloads", "#observablehq-sidebar", "figure button"])
          expect(await page.locator(gone).first().isVisible(), gone).toBe(false);
        expect(await page.locator(".stage svg").first().isVisible()).toBe(true);
        expect(await page.locator(".print-address").innerText()).toContain("survival.html?in.sex=male");
        expect(await page.locator("#observablehq-main").innerText()).toContain("Sex: Male");
        const pdf = await page.pdf({format: "A4"});
        expect(pdf.subarray(0, 5).toString()).toBe("%PDF-");
        await page.emulateMedia({media: "screen"});
        expect(await shade()).toBe("#161616");
        expect(faults).toEqual([]);
      },
      {colorScheme: "dark", viewport: {width: 1440, height: 900}}
    );
  }, 60_000);
});

describe("a reader's wishes", () => {
  it("reduced motion: nothing moves by itself; high contrast: focus is seen", async () => {
    await site.inContext(
      async (context) => {
        const {page} = await watchedPage(context, site.url);
        await page.goto(`${site.url}survival.html`);
        await page.waitForSelector(DRAWN);
        const slowest = await page.evaluate(() =>
          Math.max(
            ...[...document.querySelectorAll("*")].flatMap((node) => {
              const {transitionDuration, animationDuration} = getComputedStyle(node);
              return [transitionDuration, animationDuration].flatMap((times) => times.split(",").map(parseFloat));
            })
          )
        );
        expect(slowest).toBeLessThan(0.001);
        await page.emulateMedia({forcedColors: "active"});
        await page.locator("select[name=by]").focus();
        await page.keyboard.press("Tab");
        const outline = await page.evaluate(() => getComputedStyle(document.activeElement!).outlineStyle);
        expect(outline).not.toBe("none");
        const strokes = await page.evaluate(() =>
          [...document.querySelectorAll<SVGPathElement>(".stage svg path")]
            .filter((path) => path.getBoundingClientRect().width > 100)
            .map((path) => getComputedStyle(path).stroke)
        );
        expect(strokes.filter((stroke) => stroke !== "none" && stroke !== "rgb(255, 255, 255)").length).toBeGreaterThan(
          1
        );
      },
      {reducedMotion: "reduce"}
    );
  }, 60_000);

  it("the keyboard reaches every control of the explorer, in order, each with a name and a visible focus", async () => {
    await site.inContext(async (context) => {
      const {page} = await watchedPage(context, site.url);
      await page.goto(`${site.url}survival.html`);
      await page.waitForSelector(DRAWN);
      const wanted = await page
        .locator("#observablehq-main .panel select, #observablehq-main .downloads button:visible")
        .count();
      const seen: {tag: string; name: string; visible: boolean; ring: boolean}[] = [];
      await page.locator("#observablehq-main select").first().focus();
      for (let step = 0; step < 300; step++) {
        const found = await page.evaluate(() => {
          const node = document.activeElement as HTMLElement;
          if (!node.closest("#observablehq-main")) return null;
          const labels = (node as HTMLInputElement).labels;
          const name = node.getAttribute("aria-label") ?? labels?.[0]?.textContent ?? node.textContent ?? "";
          const {width, height} = node.getBoundingClientRect();
          const {outlineStyle, boxShadow} = getComputedStyle(node);
          const ring = outlineStyle !== "none" || boxShadow !== "none";
          return {tag: node.tagName, name: name.trim(), visible: width > 0 && height > 0, ring};
        });
        if (!found) break;
        seen.push(found);
        await page.keyboard.press("Tab");
      }
      expect(seen.length).toBeLessThan(300);
      expect(seen.length).toBeGreaterThanOrEqual(wanted);
      expect(seen.filter(({name, visible, ring}) => name === "" || !visible || !ring)).toEqual([]);
    });
  }, 60_000);
});
