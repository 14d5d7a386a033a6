import js from "@eslint/js";
import globals from "globals";
import {createTypeScriptImportResolver} from "eslint-import-resolver-typescript";
import importX from "eslint-plugin-import-x";
import tseslint from "typescript-eslint";

// Whose room is whose. `from` lists what may NOT be imported by files under `target`.
// A wrong import fails the build, so the direction of the data cannot be turned round by accident.
const rooms = ["components", "numeric", "survival", "enrichment", "imaging", "inference", "cohort", "data"];
const mayImport = {
  numeric: [],
  survival: ["numeric"],
  enrichment: ["numeric"],
  imaging: ["numeric"],
  inference: ["numeric", "imaging"],
  cohort: ["numeric"],
  components: rooms
};
const zones = Object.entries(mayImport).flatMap(([room, allowed]) => [
  ...rooms
    .filter((other) => other !== room && !allowed.includes(other))
    .map((other) => ({
      target: `./src/${room}`,
      from: `./src/${other}`,
      message: `src/${room} must not import src/${other} (see CONTRIBUTING.md, 'Who may import whom').`
    })),
  {
    target: `./src/${room}`,
    from: "./data-loaders",
    message: "Only src/data may import data-loaders: everything else in src runs in a reader's browser."
  }
]);
zones.push({
  target: "./data-loaders",
  from: "./src/components",
  message: "Loaders run in Node; components draw in a browser."
});

export default tseslint.config(
  {ignores: ["dist", "dist.next*", ".stratum", "src/.observablehq", "node_modules", "test/.work"]},
  js.configs.recommended,
  ...tseslint.configs.recommended,
  {
    plugins: {"import-x": importX},
    settings: {"import-x/resolver-next": [createTypeScriptImportResolver()]},
    languageOptions: {globals: {...globals.browser, ...globals.node}},
    rules: {
      "import-x/no-restricted-paths": ["error", {zones}],
      "@typescript-eslint/no-unused-vars": ["error", {argsIgnorePattern: "^_"}],
      "@typescript-eslint/no-non-null-assertion": "off",
      eqeqeq: ["error", "always", {null: "ignore"}],
      "prefer-const": ["error", {destructuring: "all"}]
    }
  },
  {
    files: ["src/survival/**", "src/enrichment/**", "src/imaging/**", "src/numeric/**"],
    rules: {
      "no-restricted-globals": ["error", "document", "window", "process", "Buffer"],
      "no-restricted-imports": [
        "error",
        {
          patterns: [
            {
              group: ["node:*", "apache-arrow", "@observablehq/*", "@duckdb/*"],
              message: "The core is pure: typed arrays in, plain objects out."
            }
          ]
        }
      ]
    }
  }
);
