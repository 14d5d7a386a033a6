import {defineConfig} from "vitest/config";
import {LongestFirst} from "./test/longestFirst.js";

export default defineConfig({
  test: {
    // `npm run test:r` runs what needs R itself; everything else compares with fixtures that R made.
    include: process.env.WITH_R ? ["test/withR/**/*.check.ts"] : ["test/**/*.test.ts"],
    // What tests copy and build lies there; a run that was stopped leaves copies of the tests themselves.
    exclude: ["test/.work/**", "**/node_modules/**"],
    globalSetup: "test/globalSetup.ts",
    setupFiles: "test/propertySeed.ts",
    // A test that asserts nothing proves nothing.
    expect: {requireAssertions: true},
    // Modules are read once in each process, not once for each of the files; so are the tests' site and its browser opened.
    isolate: false,
    // The builds and the browser share two cores: one file at a time keeps their time limits honest.
    maxWorkers: 2,
    sequence: {sequencer: LongestFirst},
    testTimeout: 90_000,
    // Whichever file comes first builds the site, from nothing, while the other core runs other tests.
    hookTimeout: 600_000
  }
});
