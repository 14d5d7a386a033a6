import {philox} from "../../src/numeric/random.js";

/**
 * The batches of an epoch: every row once, events dealt evenly over the batches, all of one size, so that the compiled step
 * fits them all. Where the rows do not fill the last ones, rows that the batch does not hold yet come a second time.
 *
 * @param event - by row: 1 where the event happened
 * @param size - patients a batch
 * @param epoch - each has an order of its own
 * @returns row numbers by batch
 * @throws {RangeError} when there are fewer events than batches, or fewer rows than one batch holds
 */
export function epochBatches(event: ArrayLike<number>, size: number, seed: number, epoch: number): number[][] {
  const n = event.length;
  const count = Math.ceil(n / size);
  const rows = Array.from({length: n}, (_, row) => row);
  const events = rows.filter((row) => event[row] === 1);
  if (n < size) throw new RangeError(`${n} training patients do not fill a batch of ${size}; choose a smaller one.`);
  if (events.length < count) {
    throw new RangeError(
      `${events.length} events cannot be dealt over ${count} batches of ${size}; choose larger batches.`
    );
  }
  const random = philox(seed, epoch);
  const censored = rows.filter((row) => event[row] !== 1);
  const batches = Array.from({length: count}, (): number[] => []);
  [...random.shuffle(events), ...random.shuffle(censored)].forEach((row, k) => batches[k % count].push(row));
  for (const batch of batches) {
    const others = random.shuffle(rows.filter((row) => !batch.includes(row)));
    while (batch.length < size) batch.push(others.pop()!);
  }
  return random.shuffle(batches);
}
