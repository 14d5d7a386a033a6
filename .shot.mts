import {openBrowser} from "./test/browser/openBrowser.js";
import {serveFolder} from "./test/browser/serveFolder.js";
const [folder, query, name, ...rest] = process.argv.slice(2);
const served = await serveFolder(folder, "/s/");
const b = await openBrowser();
for (const [w, dark] of [[1440, false], [390, true]] as const) {
  const c = await b.newContext({viewport: {width: w, height: 900}, colorScheme: dark ? "dark" : "light"});
  const p = await c.newPage();
  p.on("pageerror", (e) => console.log("ERR", e.message));
  console.log(served.url); await p.goto(served.url + "survival.html" + (query ? "?" + query : ""));
  await p.waitForSelector(".explorer .results table", {timeout: 60000});
  await p.waitForTimeout(4000);
  console.log(w, await p.evaluate(() => [document.documentElement.scrollWidth, innerWidth]), await p.locator(".status").first().innerText());
  await p.screenshot({path: `/tmp/mgus/${name}-${w}.png`, fullPage: true});
  await c.close();
}
await b.close(); await served.close(); process.exit(0);
