/**
 * Everything that lies between a volume and the network's input. Stored as JSON in the ONNX model's metadata under
 * `stratum.preprocessing` and read back from there, so that whoever runs the model prepares images as it was fitted on.
 */
export interface Preprocessing {
  /** Raised whenever the same record would give other pixels. */
  readonly version: 1;
  readonly modality: "pet" | "ct";
  /** What the volume's values are in before clipping. */
  readonly unit: "SUVbw" | "HU";
  /** Values are clipped to this window, then mapped linearly to −1 … 1. Outside the volume: the lower bound. */
  readonly window: readonly [number, number];
  /** Side of the network's square input. */
  readonly inputPixels: number;
  /** Millimetres left around the tumour's bounding box on the slice of largest area. */
  readonly marginMm: number;
  /**
   * Crops are never smaller than this. Tumours that fit into it with their margin keep their size in the image: the network
   * sees how large they are. A larger one is shrunk to fit.
   */
  readonly minimumSideMm: number;
}

/**
 * For networks that are not trained. PET: SUV 0–20 holds nearly all recurrent tumours (median SUVmax about 9) without clipping
 * their texture away. CT: the usual soft-tissue window of the neck, level 40, width 400 HU. Margin and least side are our
 * choice: close to the tumour, whose texture is all that random features see.
 */
export function defaultPreprocessing(modality: "pet" | "ct", inputPixels = 96): Preprocessing {
  const shared = {version: 1, inputPixels, marginMm: 6, minimumSideMm: 36} as const;
  return modality === "pet"
    ? {...shared, modality, unit: "SUVbw", window: [0, 20]}
    : {...shared, modality, unit: "HU", window: [-160, 240]};
}

/**
 * For networks that are trained. As the default, but that CT has a field which most recurrent tumours fit into at one scale, so
 * that the network can learn how large they are.
 */
export function trainingPreprocessing(modality: "pet" | "ct", inputPixels: number): Preprocessing {
  const record = defaultPreprocessing(modality, inputPixels);
  if (modality === "pet") return record;
  const {version, marginMm, unit, window} = record;
  return {version, inputPixels, marginMm, modality, unit, window, minimumSideMm: 72};
}

/**
 * Reads the record back from a model's metadata.
 *
 * @throws {RangeError} when the text is no such record or of a version this code does not know
 */
export function parsePreprocessing(text: string): Preprocessing {
  const record = JSON.parse(text) as Preprocessing;
  const positive = [record.inputPixels, record.minimumSideMm].every((value) => value > 0 && value < Infinity);
  const [low, high] = Array.isArray(record.window) ? record.window : [NaN, NaN];
  const known = record.version === 1 && (record.modality === "pet" || record.modality === "ct");
  const unit = record.unit === (record.modality === "pet" ? "SUVbw" : "HU");
  if (!(known && unit && positive && record.marginMm >= 0 && low < high && Number.isInteger(record.inputPixels))) {
    throw new RangeError(`The model's preprocessing record is not one this version of Stratum knows: ${text}`);
  }
  return record;
}
