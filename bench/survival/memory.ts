import {coxph, kaplanMeier, logRank, surv} from "../../src/survival/index.js";
import {benchCohort} from "./cohort.js";

// Prints the bytes a row that sorting and three statistics add, at the highest, to a process that holds the columns.
const n = Number(process.argv[2]);
const {time, event, group, x} = benchCohort(n);
globalThis.gc?.();
const before = process.memoryUsage().rss;
const cohort = surv({time, event});
kaplanMeier({surv: cohort});
logRank({surv: cohort, group});
coxph({surv: cohort, terms: {x: x[0]}});
console.log((process.resourceUsage().maxRSS * 1024 - before) / n);
