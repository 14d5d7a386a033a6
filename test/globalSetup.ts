import {ensureChromium} from "./browser/ensureChromium.js";

/** Finds or installs the browser once, before any test, and tells the tests by CHROMIUM where it is. */
export default function setup(): void {
  process.env.CHROMIUM = ensureChromium();
}
