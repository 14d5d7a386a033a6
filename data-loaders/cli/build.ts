import {buildSite} from "../pipeline/build.js";
import {terminalProgress} from "../pipeline/progress.js";
import {buildArguments} from "./buildArguments.js";
import {explained} from "./explained.js";
import {relative} from "node:path";

await explained(async () => {
  const site = await buildSite({
    ...buildArguments(process.argv.slice(2)),
    study: process.env.STUDY,
    progress: terminalProgress(process.stdout)
  });
  const made = site.steps.some(({made}) => made);
  console.log(
    `\n${site.title}: ${site.n} patients. ${made ? "Site written to" : "Nothing has changed; the site is in"} ${relative(process.cwd(), site.output) || "."}/`
  );
});
