import type {CheckedNetwork} from "./network.js";
import type {Click, ImageFacts, MaskFacts, Modality, Prediction, Slice} from "./patient.js";
import type {ProviderChoice} from "./providers.js";
import type {PublishedNetwork} from "./publishedNetworks.js";

/** Files of one image as the reader dropped them; read in the worker. */
export interface DroppedImage {
  /** As messages call it: a folder or a file. */
  readonly name: string;
  /** A DICOM series' files, or one NIfTI file. */
  readonly files: readonly File[];
  /** NIfTI PET: the JSON with its facts; null where the reader says that the image holds SUV. */
  readonly sidecar: File | null;
}

/** Where a network runs, for the reader. */
export interface NetworkFacts extends Pick<CheckedNetwork, "difference" | "refused"> {
  readonly modality: Modality;
  readonly provider: string;
  /** Why not WebGPU, if this is known. */
  readonly note: string | null;
}

/** What the worker does, by name: question and answer. */
export interface Requests {
  open: {ask: {network: PublishedNetwork; model: ArrayBuffer; provider: ProviderChoice}; answer: NetworkFacts};
  load: {ask: {modality: Modality; image: DroppedImage}; answer: ImageFacts};
  mask: {ask: {file: File; roi: string | null}; answer: MaskFacts};
  grow: {ask: Click; answer: MaskFacts};
  slice: {ask: {modality: Modality; slice: number}; answer: Slice};
  predict: {ask: {modality: Modality}; answer: Prediction};
  forget: {ask: Modality | "mask" | "all"; answer: null};
}

export type RequestName = keyof Requests;

export type Message = {[N in RequestName]: {id: number; name: N; ask: Requests[N]["ask"]}}[RequestName];
export type Reply = {id: number} & ({answer: unknown} | {problem: string});
