import type {WordStream} from "../numeric/randomWords.js";

/** Random gene sets of one size. */
export interface ConditionedSets {
  readonly size: number;
  readonly count: number;
  /** count × size: each set's places, ascending. */
  readonly places: Int32Array;
}

/**
 * Moves random gene sets on by swapping a gene at a time, keeping every set's highest running sum above a bound: Metropolis
 * moves on the uniform distribution of such sets. All sets must be above the bound at the start; `places` is rewritten.
 *
 * The ranking is cut into chunks with about as many hits each. A swap is checked where the set was last seen above the
 * bound, in constant time; only if it fails there are the chunks gone through, and of these only those whose hits could
 * lift the sum over the bound are added up.
 *
 * @param weights - one a gene, in the ranking's order
 * @param bound - the highest running sum must exceed it
 * @param accepted - moves to make in all
 * @param tried - moves to try at most
 * @returns moves made
 */
export function moveConditionedSets(
  weights: Float64Array,
  sets: ConditionedSets,
  bound: number,
  words: WordStream,
  {accepted, tried}: {accepted: number; tried: number}
): number {
  const {size, count} = sets;
  const genes = weights.length;
  const visit = Math.max(1, Math.floor(size / 10));
  const walk = chunkedSets(weights, sets, bound);
  let [made, attempts] = [0, 0];
  while (made < accepted && attempts < tried) {
    for (let set = 0; set < count; set++) {
      walk.visit(set);
      for (let move = 0; move < visit; move++) made += walk.swap(words.below(size), words.below(genes));
    }
    attempts += visit * count;
  }
  walk.store();
  return made;
}

function chunkedSets(weights: Float64Array, {size, count, places}: ConditionedSets, bound: number) {
  const genes = weights.length;
  const missStep = 1 / (genes - size);
  const chunks = Math.max(1, Math.round(0.6 * Math.sqrt(size)));
  const ends = chunkEnds(places, size, count, chunks, genes);
  const chunkOf = new Uint8Array(genes);
  for (let chunk = 1; chunk < chunks; chunk++) chunkOf.fill(chunk, ends[chunk - 1], ends[chunk]);
  // A set's genes twice: in slots to draw one from, in no order, and as bits in the ranking's order.
  const members = new Int32Array(places);
  const chunkHits = new Int32Array(count * chunks);
  const chunkWeight = new Float64Array(count * chunks);
  const wordsASet = (genes + 31) >>> 5;
  const memberBits = new Int32Array(count * wordsASet);
  for (let i = 0; i < places.length; i++) {
    const set = Math.floor(i / size);
    const place = places[i];
    memberBits[set * wordsASet + (place >>> 5)] |= 1 << (place & 31);
    chunkHits[set * chunks + chunkOf[place]]++;
    chunkWeight[set * chunks + chunkOf[place]] += weights[place];
  }
  // Where each set was last seen above the bound: genes passed, hits and weight among them. None yet.
  const passed = new Int32Array(count);
  const passedHits = new Int32Array(count);
  const passedWeight = new Float64Array(count);
  let [current, row, chunkRow, bitRow, total] = [0, 0, 0, 0, 0];

  /** Whether the highest running sum exceeds the bound; notes where. */
  function search(scale: number): boolean {
    let [weight, hits] = [0, 0];
    for (let chunk = 0; chunk < chunks; chunk++) {
      const start = chunk === 0 ? 0 : ends[chunk - 1];
      const here = chunkHits[chunkRow + chunk];
      const reached = weight + chunkWeight[chunkRow + chunk];
      if (reached * scale - (start - hits) * missStep > bound && searchChunk(start, ends[chunk], weight, hits, scale))
        return true;
      weight = reached;
      hits += here;
    }
    return false;
  }

  function searchChunk(start: number, end: number, weight: number, hits: number, scale: number): boolean {
    for (let word = start >>> 5; word <= (end - 1) >>> 5; word++) {
      let bits = memberBits[bitRow + word];
      const base = word << 5;
      if (base < start) bits &= -1 << (start - base);
      if (end - base < 32) bits &= (1 << (end - base)) - 1;
      while (bits !== 0) {
        const place = base + 31 - Math.clz32(bits & -bits);
        bits &= bits - 1;
        weight += weights[place];
        // Passed without a hit: place − hits before it.
        if (weight * scale - (place - hits) * missStep > bound) {
          passed[current] = place + 1;
          passedHits[current] = hits + 1;
          passedWeight[current] = weight;
          return true;
        }
        hits++;
      }
    }
    return false;
  }

  /** Puts gene `added` in the place of gene `removed`. */
  function exchange(removed: number, added: number): void {
    memberBits[bitRow + (removed >>> 5)] ^= 1 << (removed & 31);
    memberBits[bitRow + (added >>> 5)] ^= 1 << (added & 31);
    const [from, to] = [chunkRow + chunkOf[removed], chunkRow + chunkOf[added]];
    chunkHits[from]--;
    chunkWeight[from] -= weights[removed];
    chunkHits[to]++;
    chunkWeight[to] += weights[added];
  }

  return {
    visit(set: number): void {
      current = set;
      row = set * size;
      chunkRow = set * chunks;
      bitRow = set * wordsASet;
      total = 0;
      for (let chunk = 0; chunk < chunks; chunk++) total += chunkWeight[chunkRow + chunk];
    },
    /** Tries to swap the member at a slot for a gene; 1 if the set moved (or the gene was drawn for itself). */
    swap(slot: number, added: number): number {
      const removed = members[row + slot];
      if (added === removed) return 1;
      if ((memberBits[bitRow + (added >>> 5)] >>> (added & 31)) & 1) return 0;
      const newTotal = total - weights[removed] + weights[added];
      const scale = 1 / newTotal;
      const seen = passed[current];
      let [hits, weight] = [passedHits[current], passedWeight[current]];
      if (removed < seen) {
        hits--;
        weight -= weights[removed];
      }
      if (added < seen) {
        hits++;
        weight += weights[added];
      }
      exchange(removed, added);
      if (weight * scale - (seen - hits) * missStep > bound) {
        passedHits[current] = hits;
        passedWeight[current] = weight;
      } else if (!search(scale)) {
        exchange(added, removed);
        return 0;
      }
      members[row + slot] = added;
      total = newTotal;
      return 1;
    },
    /** Writes the sets back. */
    store(): void {
      for (let set = 0; set < count; set++)
        places.set(members.subarray(set * size, (set + 1) * size).sort(), set * size);
    }
  };
}

/** Ends of chunks of the ranking with about as many hits each: medians over the sets. */
function chunkEnds(places: Int32Array, size: number, count: number, chunks: number, genes: number): Int32Array {
  const ends = new Int32Array(chunks).fill(genes);
  const column = new Int32Array(count);
  for (let chunk = 0; chunk < chunks - 1; chunk++) {
    const hit = Math.floor(((chunk + 1) * size) / chunks);
    for (let set = 0; set < count; set++) column[set] = places[set * size + hit];
    ends[chunk] = column.sort()[count >>> 1];
  }
  return ends;
}
