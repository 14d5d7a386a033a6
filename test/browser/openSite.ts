import {readdir, readFile} from "node:fs/promises";
import {join} from "node:path";
import type {BrowserContext, BrowserContextOptions, Page} from "playwright-core";
import {buildSite} from "../../data-loaders/pipeline/build.js";
import {oneAtATime} from "../../data-loaders/pipeline/oneAtATime.js";
import {root} from "../../data-loaders/pipeline/project.js";
import type {StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import type {PublishedModels} from "../../src/survival/publishedModel.js";
import {DRAWN} from "./explorerPage.js";
import {openBrowser, watchedPage} from "./openBrowser.js";
import {serveFolder} from "./serveFolder.js";

/** Enough patients of the embedded study for a signature, and few enough for a quick build. */
export const sitePatients = 60;

/** A built site, served under a base path, its tables as the pages get them, and a browser. */
export interface Site {
  readonly url: string;
  readonly study: StudyDescription;
  readonly cohort: Cohort;
  readonly models: PublishedModels;
  inContext<T>(use: (context: BrowserContext) => Promise<T>, options?: BrowserContextOptions): Promise<T>;
  /** Opens a page, uses it once the selector `ready` is there, and tells what went wrong on the way. */
  visiting(address: string, use: (page: Page) => Promise<void>, ready?: string): Promise<string[]>;
  /** Opens the explorer, uses it once its figures stand, and tells what went wrong on the way. */
  exploring(query: string, use: (page: Page) => Promise<void>): Promise<string[]>;
  close(): Promise<void>;
}

/** @param other - folder of another study than the embedded one, and a name for its site */
export async function openSite(other?: {readonly folder: string; readonly name: string}): Promise<Site> {
  const folder = join(root, "test/.work", other ? `browser-site-${other.name}` : "browser-site");
  const options = other ? {study: other.folder} : {patients: sitePatients};
  // Whichever file of tests comes first builds; the others find the site as it should be.
  const release = await oneAtATime(`${folder}.lock`);
  await buildSite({...options, output: folder}).finally(release);
  const files = await readdir(join(folder, "_file/data"));
  const read = (start: string) =>
    readFile(
      join(
        folder,
        "_file/data",
        files.find((name) => name.startsWith(start))!
      )
    );
  const study = JSON.parse((await read("study")).toString("utf8")) as StudyDescription;
  const events = study.events ? new Uint8Array(await read("events")) : null;
  const cohort = readCohort(new Uint8Array(await read("cohort")), study, events);
  const models = JSON.parse((await read("models")).toString("utf8")) as PublishedModels;
  const served = await serveFolder(folder, "/supplement/rnpc/");
  const browser = await openBrowser();
  const inContext: Site["inContext"] = async (use, options = {}) => {
    const context = await browser.newContext({viewport: {width: 1440, height: 900}, ...options});
    try {
      return await use(context);
    } finally {
      await context.close();
    }
  };
  const visiting: Site["visiting"] = (address, use, ready) =>
    inContext(async (context) => {
      const {page, faults} = await watchedPage(context, served.url);
      await page.goto(`${served.url}${address}`);
      if (ready) await page.waitForSelector(ready);
      await use(page);
      // What a closing page gives up is no fault.
      return [...faults];
    });
  return {
    url: served.url,
    study,
    cohort,
    models,
    inContext,
    visiting,
    exploring: (query, use) => visiting(`survival.html${query}`, use, DRAWN),
    close: async () => {
      await browser.close();
      await served.close();
    }
  };
}
