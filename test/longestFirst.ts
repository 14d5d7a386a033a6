import {BaseSequencer} from "vitest/node";
import type {TestSpecification} from "vitest/node";

/**
 * Files of minutes: one that began last would leave the other core idle to its end. The first one builds the tests' site,
 * which those of the browser wait for; the second ones last longer than that.
 */
const longest = [
  "test/browser/site.test.ts",
  "test/training/train.test.ts",
  "test/pipeline/noStale.test.ts",
  "test/signatures/computeSignatures.test.ts",
  "test/browser/"
];

/** The longest files, then those of the browser, then the others in vitest's own order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const place = ({moduleId}: TestSpecification) => {
      const found = longest.findIndex((path) => moduleId.includes(path));
      return found === -1 ? longest.length : found;
    };
    return (await super.sort(files)).sort((a, b) => place(a) - place(b));
  }
}
