import {OptionError} from "../pipeline/optionError.js";
import {StudyError} from "../study/study.js";

/**
 * Runs a command's work; on failure prints what an investigator can mend, and exits with 1.
 */
export async function explained(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    process.exitCode = 1;
    if (error instanceof OptionError) {
      console.error(`\n${error.message}`);
      return;
    }
    if (!(error instanceof StudyError)) {
      console.error(`\n${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return;
    }
    const count = error.problems.length;
    console.error(`\nThe study has ${count} ${count === 1 ? "problem" : "problems"}; nothing was written.\n`);
    for (const {message} of error.problems) console.error(`  ${message}`);
  }
}
