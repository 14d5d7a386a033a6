import {benchPage} from "./page/index.js";
import {enrichmentTable} from "./enrichment/table.js";
import {loaderTable} from "./imaging/loader.js";
import {webGpuTable} from "./imaging/webgpu.js";
import {survivalTable} from "./survival/table.js";
import {trainingTable} from "./training/table.js";

// npm run bench: side by side with R, and with PyTorch for a training step, on one machine in one run; then the page in a
// browser. The figures kept in bench/README.md are what this printed.
console.log(survivalTable());
console.log();
console.log(await trainingTable());
console.log();
console.log(enrichmentTable());
console.log();
console.log(await loaderTable());
console.log();
console.log(await webGpuTable());
console.log();
await benchPage();
