import {spawn} from "node:child_process";
import {createInterface} from "node:readline";
import {fileURLToPath} from "node:url";
import {mutant, outcome, specimens} from "../../test/imaging/mutants.js";

/**
 * Spoils small image files and reads them: npx tsx bench/imaging/fuzz.ts [first] [count]
 *
 * Every one must end in a volume or in an ImageError. The work runs in a process of its own, so that a reader that hangs is
 * seen and named; it is given up after `patienceMs` without a finished file.
 */
const patienceMs = 20_000;

interface Report {
  readonly number: number;
  readonly counts: Readonly<Record<string, number>>;
  /** The slowest file so far. */
  readonly slowest: {readonly number: number; readonly kind: string; readonly ms: number};
  /** Most memory the process has held, in MB. */
  readonly peakMb: number;
  readonly failure?: string;
}

const [first, count] = [Number(process.argv[2] ?? 0), Number(process.argv[3] ?? 12_000)];
if (process.argv[4] === "worker") await work();
else await watch();

async function work(): Promise<void> {
  const all = await specimens(true);
  const counts: Record<string, number> = {volume: 0, empty: 0, refused: 0};
  let slowest = {number: -1, kind: "", ms: 0};
  const report = (number: number, failure?: string) => {
    const peakMb = Math.round(process.resourceUsage().maxRSS / 1024);
    process.stdout.write(`${JSON.stringify({number, counts, slowest, peakMb, failure} satisfies Report)}\n`);
  };
  for (let number = first; number < first + count; number++) {
    const specimen = all[number % all.length];
    const spoilt = mutant(specimen.bytes, number);
    const start = performance.now();
    try {
      counts[await outcome(specimen, spoilt)]++;
    } catch (error) {
      report(number, `${specimen.kind}: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    }
    const ms = performance.now() - start;
    if (ms > slowest.ms) slowest = {number, kind: specimen.kind, ms};
    if (number % 25 === 0) report(number);
  }
  report(first + count - 1);
}

async function watch(): Promise<void> {
  const file = fileURLToPath(import.meta.url);
  const child = spawn(process.execPath, ["--import", "tsx", file, String(first), String(count), "worker"], {
    stdio: ["ignore", "pipe", "inherit"]
  });
  let last: Report | null = null;
  let failures = 0;
  let hung = false;
  const giveUp = () => {
    hung = true;
    child.kill("SIGKILL");
  };
  let timer = setTimeout(giveUp, 3 * patienceMs);
  for await (const line of createInterface({input: child.stdout})) {
    // The codecs print to the same place.
    if (!line.startsWith('{"number"')) continue;
    clearTimeout(timer);
    timer = setTimeout(giveUp, patienceMs);
    last = JSON.parse(line) as Report;
    if (last.failure) {
      failures++;
      console.log(`mutant ${last.number} of ${last.failure}`);
    }
  }
  clearTimeout(timer);
  console.log(last);
  if (hung) console.log(`Hung within the 25 files after mutant ${last?.number ?? first}.`);
  const finished = last?.number === first + count - 1;
  process.exitCode = failures > 0 || hung || !finished ? 1 : 0;
}
