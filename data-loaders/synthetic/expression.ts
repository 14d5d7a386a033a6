import type {RandomSource} from "../../src/numeric/random.js";
import type {SyntheticPatient} from "./clinical.js";
import {geneName, type SyntheticGeneSet} from "./geneSets.js";
import {geneCount, latentCorrelation, rnaShare} from "./prevalences.js";
import {cohortRandom, patientRandom} from "./streams.js";

/** Patients whose tumour was sequenced: a fixed share drawn at random, in the order of the table. */
export function sequenced(seed: number, patients: readonly SyntheticPatient[]): SyntheticPatient[] {
  const order = cohortRandom(seed, "sequenced").shuffle([...patients.keys()]);
  const chosen = new Set(order.slice(0, Math.max(1, Math.round(patients.length * rnaShare))));
  return patients.filter((_, k) => chosen.has(k));
}

/** What all patients share: by gene, the log of its mean count, its dispersion and its loading on the programme. */
interface Genes {
  readonly logMean: Float64Array;
  readonly dispersion: Float64Array;
  readonly loading: Float64Array;
}

function genesOf(seed: number, sets: readonly SyntheticGeneSet[]): Genes {
  const {normal, uniform} = cohortRandom(seed, "genes");
  const loading = new Float64Array(geneCount);
  const genes = {
    logMean: Float64Array.from(loading, () => 4.6 + 1.8 * normal()),
    // Biological coefficient of variation 0.3 to 0.6, as between patients.
    dispersion: Float64Array.from(loading, () => (0.3 + 0.3 * uniform()) ** 2),
    loading
  };
  for (const set of sets) for (const gene of set.genes) if (loading[gene] === 0) loading[gene] = set.loading;
  return genes;
}

/** Share of the programme that heterogeneity explains: the rest is the patient's own. A. */
const explained = 0.7;

/** Counts of one patient: negative binomial about its library size and programme. */
function countsOf(seed: number, {number, latent}: SyntheticPatient, genes: Genes): number[] {
  const random = patientRandom(seed, "expression", number);
  const heterogeneity = (latent.pet + latent.ct) / Math.sqrt(2 + 2 * latentCorrelation);
  const programme = explained * heterogeneity + Math.sqrt(1 - explained ** 2) * random.normal();
  const logLibrary = 0.3 * random.normal();
  return Array.from(genes.logMean, (logMean, gene) => {
    const mean = Math.exp(logMean + logLibrary + genes.loading[gene] * programme);
    const shape = 1 / genes.dispersion[gene];
    return poisson(random, (mean * gamma(random, shape)) / shape);
  });
}

/**
 * Gamma with scale 1 and a shape above 1.
 *
 * @see Marsaglia and Tsang (2000), A simple method for generating gamma variables. ACM TOMS 26:363–372
 */
function gamma({normal, uniform}: RandomSource, shape: number): number {
  const d = shape - 1 / 3;
  const c = 1 / Math.sqrt(9 * d);
  for (;;) {
    const z = normal();
    const v = (1 + c * z) ** 3;
    if (v > 0 && Math.log(uniform()) < z ** 2 / 2 + d - d * v + d * Math.log(v)) return d * v;
  }
}

/** By inversion; above 50 a rounded normal, whose error is far below the gamma's spread. */
function poisson({normal, uniform}: RandomSource, mean: number): number {
  if (mean > 50) return Math.max(0, Math.round(mean + Math.sqrt(mean) * normal()));
  const target = uniform();
  let probability = Math.exp(-mean);
  let below = probability;
  let count = 0;
  while (below < target && count < 500) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** counts.tsv: genes in rows, sequenced patients in columns. */
export function countsTsv(
  seed: number,
  patients: readonly SyntheticPatient[],
  sets: readonly SyntheticGeneSet[]
): string {
  const genes = genesOf(seed, sets);
  const columns = patients.map((patient) => countsOf(seed, patient, genes));
  const rows = Array.from({length: geneCount}, (_, gene) =>
    [geneName(gene), ...columns.map((counts) => counts[gene])].join("\t")
  );
  return [["gene", ...patients.map(({id}) => id)].join("\t"), ...rows].join("\n") + "\n";
}
