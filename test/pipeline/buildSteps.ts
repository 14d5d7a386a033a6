import {resolve} from "node:path";
import {buildSite} from "../../data-loaders/pipeline/build.js";

// Builds the site of a study and prints, as JSON, which steps were made: noStale.test.ts runs it in a copy of the project.
const {steps} = await buildSite({study: resolve(process.argv[2])});
console.log(JSON.stringify(Object.fromEntries(steps.map(({step, made}) => [step, made]))));
