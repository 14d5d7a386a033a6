export * from "./enrichmentInputError.js";
export * from "./enrichmentScore.js";
export * from "./geneRanking.js";
export * from "./geneSetSizes.js";
export * from "./gseaMultilevel.js";
export * from "./gseaPermutation.js";
