import {execFileSync, spawnSync} from "node:child_process";
import {existsSync} from "node:fs";
import {createRequire} from "node:module";
import {dirname, join} from "node:path";
import {chromium} from "playwright-core";

const SYSTEM = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "/Applications/Chromium.app/Contents/MacOS/Chromium"
];

/**
 * The Chromium the tests drive: CHROMIUM if set, else the system's, else Playwright's. If there is none it is installed,
 * by apt where we may, else by Playwright.
 *
 * @throws {Error} saying what to install, if neither works
 */
export function ensureChromium(): string {
  const found = process.env.CHROMIUM ?? installed();
  if (found) return found;
  console.log("No Chromium found; installing one.");
  if (!installByApt()) installByPlaywright();
  const now = installed();
  if (now) return now;
  throw new Error(
    "No Chromium could be found or installed. Install Chromium or Chrome, or name one: CHROMIUM=/path npm test"
  );
}

function installed(): string | undefined {
  return [...SYSTEM, chromium.executablePath()].find((path) => existsSync(path));
}

function installByApt(): boolean {
  if (process.getuid?.() !== 0 || spawnSync("apt-get", ["--version"]).status !== 0) return false;
  const run = (...args: string[]) => spawnSync("apt-get", args, {stdio: "inherit"}).status === 0;
  // libvulkan1: WebGPU in Node finds the software adapter that comes with Chromium through it.
  return run("update") && run("install", "-y", "--no-install-recommends", "chromium", "libvulkan1");
}

function installByPlaywright(): void {
  const cli = join(dirname(createRequire(import.meta.url).resolve("playwright-core/package.json")), "cli.js");
  try {
    execFileSync(process.execPath, [cli, "install", "chromium"], {stdio: "inherit"});
  } catch {
    // ensureChromium says what to do.
  }
}
