import {survivalTable} from "./survival/table.js";

// npm run bench: side by side with R, on one machine in one run. Figures kept in bench/README.md are printed by this.
console.log(survivalTable());
