import {parseArgs} from "node:util";
import {OptionError} from "../pipeline/optionError.js";
import {providerNamed} from "../signatures/execution.js";
import type {ProviderChoice} from "../signatures/signatures.js";

/** What stands after `npm run build --` or `npm start --`. */
export interface BuildArguments {
  readonly provider: ProviderChoice;
}

/**
 * Reads a build's options: `--provider auto|webgpu|cpu`.
 *
 * @throws {OptionError} naming the option or value that is not known, and those that are
 */
export function buildArguments(given: readonly string[]): BuildArguments {
  const {tokens} = parseArgs({
    args: [...given],
    options: {provider: {type: "string"}},
    strict: false,
    allowPositionals: true,
    tokens: true
  });
  let provider: ProviderChoice = "auto";
  for (const token of tokens) {
    if (token.kind === "option" && token.name === "provider") provider = providerNamed(token.value ?? "");
    else if (token.kind !== "option-terminator") {
      const name = token.kind === "option" ? token.rawName : token.value;
      throw new OptionError(`There is no option "${name}"; a build takes --provider auto, webgpu or cpu.`);
    }
  }
  return {provider};
}
