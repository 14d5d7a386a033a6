import fc from "fast-check";

/**
 * Property tests draw the same cases on every machine, so that a red test is red again when it is looked into.
 * Other cases: `PROPERTY_SEED=7 npx vitest run`.
 */
fc.configureGlobal({seed: Number(process.env.PROPERTY_SEED ?? 20220601)});
