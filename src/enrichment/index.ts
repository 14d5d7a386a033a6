/**
 * Gene expression and gene sets: typed arrays in, plain objects out. No DOM, no Node, no Arrow.
 */
export * from "./enrichmentInputError.js";
export * from "./enrichmentScore.js";
export * from "./geneRanking.js";
export * from "./geneSetSizes.js";
export * from "./gseaMultilevel.js";
export * from "./gseaPermutation.js";
export * from "./collapsePathways.js";
export * from "./overRepresentation.js";
export * from "./samplePermutation.js";
export * from "./gsva.js";
export * from "./singleSample.js";
export * from "./correlation.js";
export * from "./design.js";
export * from "./differentialExpression.js";
export * from "./expressionMatrix.js";
export * from "./filterByExpression.js";
export * from "./linearModel.js";
export * from "./logCpm.js";
export * from "./moderatedT.js";
export * from "./publishedPathways.js";
export * from "./readExpressionTable.js";
export * from "./readRanking.js";
export * from "./readGeneSets.js";
export * from "./testPathways.js";
export * from "./trimmedMeanOfM.js";
export * from "./variancePrior.js";
export * from "./voom.js";
