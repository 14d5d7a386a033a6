import {defineConfig} from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: "test/globalSetup.ts",
    setupFiles: "test/propertySeed.ts",
    // A test that asserts nothing proves nothing.
    expect: {requireAssertions: true},
    // The builds and the browser share two cores: one file at a time keeps their time limits honest.
    maxWorkers: 2,
    testTimeout: 30_000,
    hookTimeout: 300_000
  }
});
