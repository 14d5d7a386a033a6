import {readdir} from "node:fs/promises";
import {join} from "node:path";
import type {Browser, BrowserContext, BrowserContextOptions, Page} from "playwright-core";
import {buildSite, type BuildOptions} from "../../data-loaders/pipeline/build.js";
import {oneAtATime} from "../../data-loaders/pipeline/oneAtATime.js";
import type {StudyDescription} from "../../src/cohort/description.js";
import {readCohort} from "../../src/cohort/readCohort.js";
import type {Cohort} from "../../src/cohort/readCohort.js";
import type {PublishedModels} from "../../src/survival/publishedModel.js";
import {DRAWN} from "./explorerPage.js";
import {openBrowser} from "./openBrowser.js";
import {publishedFile, siteFolder} from "./publishedFile.js";
import {serveFolder} from "./serveFolder.js";
import {visitsTo} from "./visitsTo.js";

/** Enough patients of the embedded study for a signature, and few enough for a quick build. */
export const sitePatients = 60;

/** A built site, served under a base path, its tables as the pages get them, and a browser. */
export interface Site {
  readonly url: string;
  readonly study: StudyDescription;
  readonly cohort: Cohort;
  readonly models: PublishedModels;
  /** A context of one's own: for other options than the usual, and for what a later visit must not find. */
  inContext<T>(use: (context: BrowserContext) => Promise<T>, options?: BrowserContextOptions): Promise<T>;
  /** Opens a page, uses it once the selector `ready` is there, and tells what went wrong on the way. */
  visiting(address: string, use: (page: Page) => Promise<void>, ready?: string): Promise<string[]>;
  /**
   * Opens the explorer, uses it once its figures stand, and tells what went wrong on the way. DuckDB, which gives the answers
   * that the page has given already, stays under way: for tests that are not about it.
   *
   * @param address - a query, or a page of the explorer's kind with its query
   */
  exploring(address: string, use: (page: Page) => Promise<void>): Promise<string[]>;
}

const opened = new Map<string, Promise<Site>>();
let browser: Promise<Browser> | undefined;

/**
 * A site, with its server and its browser: opened once in each of Vitest's processes, which all files of tests there share,
 * and which ends them when it ends.
 *
 * @param other - folder of another study than the embedded one, and a name for its site
 */
export function openSite(other?: {readonly folder: string; readonly name: string}): Promise<Site> {
  const name = other ? `browser-site-${other.name}` : "browser-site";
  const site = opened.get(name) ?? builtSite(name, other ? {study: other.folder} : {patients: sitePatients});
  opened.set(name, site);
  return site;
}

async function builtSite(name: string, options: BuildOptions): Promise<Site> {
  const folder = siteFolder(name);
  // Whichever file of tests comes first builds; the others find the site as it should be.
  const release = await oneAtATime(`${folder}.lock`);
  // On the CPU alone: what WebGPU gives is for computeSignatures.test.ts to say.
  await buildSite({...options, provider: "cpu", output: folder}).finally(release);
  const files = await readdir(join(folder, "_file/data"));
  const read = (start: string) => publishedFile(start, name);
  const study = JSON.parse((await read("study")).toString("utf8")) as StudyDescription;
  const events = study.events ? new Uint8Array(await read("events")) : null;
  const cohort = readCohort(new Uint8Array(await read("cohort")), study, events);
  const models = JSON.parse((await read("models")).toString("utf8")) as PublishedModels;
  const {url} = await serveFolder(folder, "/supplement/rnpc/");
  const {inContext, openTab} = contextsOf(await (browser ??= openBrowser()));
  const resting = `${url}_file/data/${files.find((file) => file.startsWith("study"))}`;
  const visit = visitsTo(url, resting, openTab);
  return {
    url,
    study,
    cohort,
    models,
    inContext,
    visiting: (address, use, ready) => visit(address, use, {ready}),
    exploring: (address, use) => {
      const page = address === "" || address.startsWith("?") ? `survival.html${address}` : address;
      return visit(page, use, {ready: DRAWN, duckdb: false});
    }
  };
}

function contextsOf(browser: Browser): Pick<Site, "inContext"> & {openTab(): Promise<Page>} {
  const open = (options?: BrowserContextOptions) =>
    browser.newContext({viewport: {width: 1440, height: 900}, ...options});
  return {
    inContext: async (use, options) => {
      const context = await open(options);
      try {
        return await use(context);
      } finally {
        await context.close();
      }
    },
    openTab: async () => (await open()).newPage()
  };
}
