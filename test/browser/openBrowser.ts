import {chromium} from "playwright-core";
import type {Browser, BrowserContext, Page} from "playwright-core";
import {ensureChromium} from "./ensureChromium.js";

/** @param more - further arguments of Chromium */
export function openBrowser(more: readonly string[] = []): Promise<Browser> {
  return chromium.launch({
    executablePath: ensureChromium(),
    args: [
      "--no-sandbox",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      ...more
    ]
  });
}

/** A page that keeps what went wrong: console errors and warnings, uncaught exceptions, requests to other hosts, failures. */
export interface WatchedPage {
  readonly page: Page;
  readonly faults: string[];
}

/** @param origin - the one host that may be asked for anything */
export async function watchedPage(context: BrowserContext, origin: string): Promise<WatchedPage> {
  const page = await context.newPage();
  return {page, faults: watch(page, origin)};
}

/** @returns what goes wrong on the page from now on, as it comes */
export function watch(page: Page, origin: string): string[] {
  const faults: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) faults.push(`${message.type()}: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`exception: ${error.message}`));
  page.on("requestfailed", (request) => {
    const error = request.failure()?.errorText;
    // Given up by a page that is left before DuckDB has come.
    if (error !== "net::ERR_ABORTED") faults.push(`failed: ${request.url()} ${error}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) faults.push(`${response.status()}: ${response.url()}`);
  });
  page.on("request", (request) => {
    const {protocol, host} = new URL(request.url());
    if (["blob:", "data:"].includes(protocol)) return;
    if (host !== new URL(origin).host) faults.push(`request to ${request.url()}`);
  });
  return faults;
}
