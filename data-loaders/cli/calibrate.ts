import {type CohortFigures, cohortFigures, cohortSeeds, solveHazard} from "../synthetic/calibrate.js";
import {clinicalTable} from "../synthetic/clinical.js";
import {hazard} from "../synthetic/prevalences.js";
import {embeddedSeed} from "../synthetic/writeEmbeddedStudy.js";

// npm run calibrate: solves the synthetic cohort's hazard for its targets and prints the figures of its README. Minutes.
const line = (what: string, values: readonly number[]) =>
  console.log(`${what.padEnd(44)} ${values.map((value) => value.toFixed(3)).join("  ")}`);
const row = (what: string, {survival, concordance, hazardRatio}: CohortFigures) =>
  line(what, [...survival, concordance, hazardRatio]);
const columns = ({survival, concordance, hazardRatio}: CohortFigures) => [...survival, concordance, hazardRatio];

console.log(`In use:  ${JSON.stringify(hazard)}`);
console.log(`Solved:  ${JSON.stringify(solveHazard())}\n`);
console.log(`${" ".repeat(44)} S(1 y) S(3 y) S(5 y)  C      HR`);
const cohorts = cohortSeeds.map((seed) => columns(cohortFigures(clinicalTable(seed, 420))));
const means = cohorts[0].map((_, k) => cohorts.reduce((sum, values) => sum + values[k], 0) / cohorts.length);
const embedded = cohortFigures(clinicalTable(embeddedSeed, 420));
line(`mean of ${cohorts.length} cohorts of 420`, means);
line(
  "SD between them",
  means.map((mean, k) =>
    Math.sqrt(cohorts.reduce((sum, values) => sum + (values[k] - mean) ** 2, 0) / (cohorts.length - 1))
  )
);
row(`seed ${embeddedSeed}, embedded`, embedded);
row("seed 20220420, the first", cohortFigures(clinicalTable(20_220_420, 420)));
line(
  "share of the cohorts as far from the mean",
  columns(embedded).map((own, k) => {
    const far = cohorts.filter((values) => Math.abs(values[k] - means[k]) >= Math.abs(own - means[k]));
    return far.length / cohorts.length;
  })
);
row("20,000 patients of the embedded seed", cohortFigures(clinicalTable(embeddedSeed, 20_000)));
for (let seed = 1; seed <= 6; seed++) row(`8,000 patients of seed ${seed}`, cohortFigures(clinicalTable(seed, 8000)));
const many = clinicalTable(1, 20_000).map(({linearPredictor}) => linearPredictor);
const middle = many.reduce((sum, value) => sum + value, 0) / many.length;
line("SD of the linear predictor, 20,000 patients", [
  Math.sqrt(many.reduce((sum, value) => sum + (value - middle) ** 2, 0) / many.length)
]);
