import {philox} from "../numeric/random.js";
import {ascendingValues, sampleQuantile} from "../numeric/sampleQuantile.js";
import {drawRows} from "./bootstrapOptimism.js";
import {searchCut} from "./cutSearch.js";
import {timeOrdered} from "./maximallySelectedLogRank.js";
import {SurvivalInputError} from "./surv.js";
import type {NumericColumn, SurvInput} from "./surv.js";

export interface CutPointSpreadOptions {
  /** Default 0.1. */
  readonly minProportion?: number;
  /** Default 0.9. */
  readonly maxProportion?: number;
  /** Default 1000. */
  readonly resamples?: number;
  /** Default 1. */
  readonly seed?: number;
}

/** How far a best cut moves when the patients are drawn again. */
export interface CutPointSpread {
  /** Cut of the original patients. */
  readonly cut: number;
  /** Best cut of each resample that has one, in the order drawn. */
  readonly cuts: Float64Array;
  /** 2.5, 25, 50, 75 and 97.5% quantiles of `cuts`. */
  readonly quantiles: readonly [number, number, number, number, number];
  /** Share of resamples whose best cut is the original one. */
  readonly same: number;
  /** Resamples without a cut (no event, or too few distinct scores). */
  readonly failed: number;
}

/**
 * Bootstrap spread of the maximally selected cut.
 *
 * @param input - follow-up (time and event) and `score`, one value a row
 * @throws {SurvivalInputError} as `maximallySelectedLogRank`, or if no resample has a cut
 */
export function cutPointSpread(
  input: SurvInput & {readonly score: NumericColumn},
  {minProportion = 0.1, maxProportion = 0.9, resamples = 1000, seed = 1}: CutPointSpreadOptions = {}
): CutPointSpread {
  const {event, slot, marker} = timeOrdered(input);
  const {cut} = searchCut(event, slot, marker, minProportion, maxProportion);
  const {uniform} = philox(seed);
  const cuts: number[] = [];
  for (let b = 0; b < resamples; b++) {
    const drawn = drawRows(event.length, uniform).sort(); // ascending positions keep the order of time
    const found = cutOf(drawn, event, slot, marker, minProportion, maxProportion);
    if (found !== null) cuts.push(found);
  }
  if (cuts.length === 0)
    throw new SurvivalInputError(`cutPointSpread: none of ${resamples} resamples has a cut; the cohort is too small.`);
  const ascending = ascendingValues(cuts);
  const at = (p: number) => sampleQuantile(ascending, p);
  return {
    cut,
    cuts: Float64Array.from(cuts),
    quantiles: [at(0.025), at(0.25), at(0.5), at(0.75), at(0.975)],
    same: cuts.filter((c) => c === cut).length / cuts.length,
    failed: resamples - cuts.length
  };
}

function cutOf(
  drawn: Uint32Array,
  event: Uint8Array,
  slot: Uint32Array,
  marker: Float64Array,
  minProportion: number,
  maxProportion: number
): number | null {
  const drawnEvent = Uint8Array.from(drawn, (k) => event[k]);
  if (!drawnEvent.includes(1)) return null;
  const drawnSlot = drawn.map((k) => slot[k]);
  const drawnMarker = Float64Array.from(drawn, (k) => marker[k]);
  try {
    return searchCut(drawnEvent, drawnSlot, drawnMarker, minProportion, maxProportion).cut;
  } catch (error) {
    if (error instanceof SurvivalInputError) return null;
    throw error;
  }
}
