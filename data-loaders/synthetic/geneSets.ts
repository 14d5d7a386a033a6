import {geneCount} from "./prevalences.js";
import {cohortRandom} from "./streams.js";

/** A gene set, and how strongly its genes follow the programme: positive raises the risk, 0 is chance. */
export interface SyntheticGeneSet {
  readonly name: string;
  readonly description: string;
  /** Numbers of genes, from 0. */
  readonly genes: readonly number[];
  /** Change of log expression for one SD of the programme. */
  readonly loading: number;
}

/** Directions as computed in a public cohort of primary disease (README.md); sizes are assumed. */
const carriers = [
  {name: "HYPOXIA_LIKE", size: 50, loading: 0.45, direction: "up"},
  {name: "GLYCOLYSIS_LIKE", size: 45, loading: 0.35, direction: "up"},
  {name: "G2M_CHECKPOINT_LIKE", size: 60, loading: 0.4, direction: "up"},
  {name: "COMPLEMENT_LIKE", size: 50, loading: -0.35, direction: "down"},
  {name: "ALLOGRAFT_REJECTION_LIKE", size: 55, loading: -0.45, direction: "down"}
] as const;

const randomSets = 35;
/** Genes that glycolysis shares with hypoxia, as the real sets do. */
const shared = 10;

/** Forty sets: five that carry the programme, thirty-five drawn from all genes at random. */
export function geneSets(seed: number): SyntheticGeneSet[] {
  const random = cohortRandom(seed, "geneSets");
  const free = random.shuffle(Array.from({length: geneCount}, (_, gene) => gene));
  let hypoxia: readonly number[] = [];
  const programme = carriers.map(({name, size, loading, direction}) => {
    const borrowed = name === "GLYCOLYSIS_LIKE" ? hypoxia.slice(0, shared) : [];
    const genes = [...borrowed, ...free.splice(0, size - borrowed.length)].sort((a, b) => a - b);
    if (name === "HYPOXIA_LIKE") hypoxia = genes;
    const description = `Synthetic; carries the programme, ${direction} with heterogeneity`;
    return {name: `SYNTHETIC_${name}`, description, genes, loading};
  });
  const chance = Array.from({length: randomSets}, (_, k) => {
    const size = 15 + random.integer(60);
    const all = random.shuffle(Array.from({length: geneCount}, (_, gene) => gene));
    const name = `SYNTHETIC_RANDOM_${String(k + 1).padStart(2, "0")}`;
    const genes = all.slice(0, size).sort((a, b) => a - b);
    return {name, description: "Synthetic; genes drawn at random", genes, loading: 0};
  });
  return [...programme, ...chance];
}

export function geneName(gene: number): string {
  return `SYNG${String(gene + 1).padStart(4, "0")}`;
}

/** genesets.gmt. */
export function gmt(sets: readonly SyntheticGeneSet[]): string {
  return sets.map((set) => [set.name, set.description, ...set.genes.map(geneName)].join("\t")).join("\n") + "\n";
}
