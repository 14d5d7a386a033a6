import {resolve} from "node:path";
import {buildSite} from "../../data-loaders/pipeline/build.js";

// Builds the site of a study and prints, as JSON, which steps were made: noStale.test.ts runs it in a copy of the project.
// On the CPU alone: what WebGPU gives is for computeSignatures.test.ts to say, and a software adapter is slow to start.
const {steps} = await buildSite({study: resolve(process.argv[2]), provider: "cpu"});
console.log(JSON.stringify(Object.fromEntries(steps.map(({step, made}) => [step, made]))));
