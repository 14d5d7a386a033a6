import type {Cohort} from "../../cohort/readCohort.js";
import type {ImageFacts, MaskFacts, Modality, Prediction} from "../../inference/patient.js";
import type {PredictWorker} from "../../inference/predictInWorker.js";
import type {PublishedNetworks} from "../../inference/publishedNetworks.js";
import type {NetworkFacts} from "../../inference/requests.js";
import type {PublishedModels} from "../../survival/publishedModel.js";
import {element} from "../element.js";
import {remarkList} from "../remarkList.js";
import type {DroppedFile} from "./droppedFiles.js";
import {imageSlot, takeDrops} from "./imageSlots.js";
import {predictedSurvival} from "./predictedSurvival.js";
import {predictionSection} from "./predictionSection.js";
import {sliceViewer, type SliceViewer} from "./sliceViewer.js";
import {imageOf, imagesAmong, noImages, type Slot, sortFiles} from "./sortFiles.js";

const modalities = ["pet", "ct"] as const;

export interface ReaderImages {
  readonly element: HTMLElement;
  /** Told once which networks run here; what was given before is predicted then. */
  networksAre(opened: readonly NetworkFacts[]): void;
}

/** Files in, slices, signature and survival out. */
export function readerImages(
  cohort: Cohort,
  models: PublishedModels,
  networks: PublishedNetworks,
  worker: PredictWorker
): ReaderImages {
  const offered = modalities.filter((modality) => networks.some((network) => network.modality === modality));
  const images = new Map<Modality, ImageFacts>();
  const viewers = new Map<Modality, SliceViewer>();
  let open: readonly NetworkFacts[] | null = null;
  let maskFile: File | null = null;
  /** Of the last question; a slower answer to an earlier one is not shown. */
  let asked = 0;
  let answered = 0;

  const status = element("p", {class: "status", role: "status"});
  const problem = element("p", {class: "problem", role: "alert", hidden: true});
  const remarks = element("div", {});
  const leftAside = element("div", {});
  const stage = element("div", {class: "slice-viewers"});
  const results = element("div", {});
  const survival = predictedSurvival(cohort, models);
  const isSuv = element("input", {type: "checkbox", name: "pet-is-suv", onchange: () => void again("pet")});
  const roi = element("input", {
    type: "text",
    name: "mask-region",
    placeholder: "only one",
    onchange: () => void again("mask")
  });
  const share = element("input", {type: "number", name: "share", min: 1, max: 100, step: 1, value: 41});
  const given: Partial<Record<Slot, readonly DroppedFile[]>> = {};
  const extra: Record<Slot, HTMLElement[]> = {
    pet: [element("label", {class: "choice"}, isSuv, " NIfTI holds SUV already")],
    ct: [],
    mask: [
      element("label", {}, element("span", {}, "Region of the file, by name or number"), roi),
      element("label", {}, element("span", {}, "Or click the lesion in the PET: % of its SUVmax"), share)
    ]
  };
  const kinds: Slot[] = [...offered, "mask"];
  const slots = Object.fromEntries(
    kinds.map((slot) => [slot, imageSlot(slot, extra[slot], (files) => void take(slot, files), () => void remove(slot))]) // prettier-ignore
  ) as Partial<Record<Slot, ReturnType<typeof imageSlot>>>;

  const clearAnswer = () => {
    asked++;
    status.textContent = "";
    results.replaceChildren();
    remarks.replaceChildren();
    survival.show({});
  };
  const again = async (slot: Slot) => {
    if (given[slot]) await take(slot, given[slot]);
  };
  const remove = async (slot: Slot) => {
    delete given[slot];
    clearAnswer();
    slots[slot]?.say("");
    slots[slot]?.offer([]);
    if (slot === "mask") maskFile = null;
    else {
      images.delete(slot);
      viewers.delete(slot);
    }
    await worker.ask("forget", slot);
    showViewers();
    if (slot !== "mask") await applyMask();
  };
  const take = async (slot: Slot, files: readonly DroppedFile[], oneOfSeveral = false) => {
    problem.hidden = true;
    if (!oneOfSeveral) slots[slot]!.offer([]);
    given[slot] = files;
    clearAnswer();
    const begun = performance.now();
    slots[slot]!.say(`Reading ${files.length === 1 ? files[0].path : `${files.length} files`} …`);
    try {
      if (files.length === 0) throw new Error(noImages);
      if (slot === "mask") {
        if (files.length > 1) {
          const labels = files.map(({path}) => path);
          slots.mask!.offer(labels, (index) => void take("mask", [files[index]], true));
          throw new Error(`Tumour mask: ${files.length} files were given, ${listed(labels)}; choose one.`);
        }
        maskFile = files[0].file;
        slots.mask!.say(`${files[0].path} is kept until there is an image to put it on.`);
        await applyMask();
        return;
      }
      const several = await imagesAmong(files, slot === "pet" ? "PT" : "CT");
      if (several && several.length > 1) {
        const labels = several.map(({label}) => label);
        slots[slot]!.offer(labels, (index) => void take(slot, several[index].files, true));
        throw new Error(`${slot.toUpperCase()}: ${labels.length} images were given, ${listed(labels)}; choose one.`);
      }
      // While the files told what they are, others may have been given.
      if (given[slot] !== files) return;
      const facts = await worker.ask("load", {modality: slot, image: imageOf(slot, files, isSuv.checked)});
      images.set(slot, facts);
      slots[slot]!.say(imageWords(facts, (performance.now() - begun) / 1000));
      addViewer(facts);
      await applyMask();
    } catch (error) {
      if (given[slot] !== files) return;
      if (slot !== "mask") {
        // What the page shows is what was given last: an older image must not stand for it.
        images.delete(slot);
        viewers.delete(slot);
        await worker.ask("forget", slot);
        showViewers();
      }
      slots[slot]!.say(sentence(error), true);
    }
  };
  const applyMask = async () => {
    if (!maskFile || images.size === 0) return viewersFollow({});
    try {
      await masked(await worker.ask("mask", {file: maskFile, roi: roi.value.trim() || null}), maskFile.name);
    } catch (error) {
      await worker.ask("forget", "mask");
      await viewersFollow({});
      slots.mask!.say(sentence(error), true);
    }
  };
  const grow = async (at: {column: number; row: number; slice: number}) => {
    clearAnswer();
    maskFile = null;
    delete given.mask;
    try {
      const facts = await worker.ask("grow", {...at, share: share.valueAsNumber / 100});
      await masked(facts, `Region of at least ${share.value}% of the SUVmax clicked on`, at.slice);
    } catch (error) {
      await worker.ask("forget", "mask");
      await viewersFollow({});
      slots.mask!.say(sentence(error), true);
    }
  };
  const masked = async ({millilitres, slice, remarks: sentences}: MaskFacts, name: string, stay?: number) => {
    slots.mask!.say(`${name}: ${millilitres.toPrecision(3)} ml.`);
    remarks.replaceChildren(...(sentences.length > 0 ? [remarkList(sentences)] : []));
    await viewersFollow(stay === undefined ? slice : {...slice, pet: stay});
    await predict();
  };
  const viewersFollow = async (slice: Partial<Record<Modality, number>>) => {
    for (const [modality, viewer] of viewers) await viewer.show(slice[modality]);
  };
  const addViewer = (facts: ImageFacts) => {
    const {modality} = facts;
    const read = (slice: number) => worker.ask("slice", {modality, slice});
    viewers.set(modality, sliceViewer(facts, read, modality === "pet" ? (at) => void grow(at) : null));
    showViewers();
  };
  const showViewers = () => stage.replaceChildren(...[...viewers.values()].map((viewer) => viewer.element));

  const predict = async () => {
    if (!open) {
      status.textContent = "The answer follows when the networks are ready.";
      return;
    }
    const mine = ++asked;
    const predictions: Prediction[] = [];
    const problems: string[] = [];
    for (const modality of modalities.filter((one) => images.has(one))) {
      status.textContent = `The ${modality.toUpperCase()} goes through the network …`;
      try {
        predictions.push(await worker.ask("predict", {modality}));
      } catch (error) {
        problems.push(sentence(error));
      }
    }
    if (mine !== asked) return;
    status.textContent = predictions.map(predictionWords).join(" ");
    problem.hidden = problems.length === 0;
    problem.textContent = problems.join(" ");
    results.replaceChildren(...predictions.map((one) => predictionSection(cohort, one, images.get(one.modality)!)));
    survival.show(computedValues(cohort, predictions));
    root.dataset.answered = String(++answered);
  };

  const everything = element("p", {class: "drop-zone"}, "Drop all files here at once, or each where it belongs:");
  takeDrops(everything, (files) => void takeAll(files));
  const takeAll = async (files: readonly DroppedFile[]) => {
    problem.hidden = true;
    leftAside.replaceChildren();
    try {
      const sorted = await sortFiles(files, kinds);
      if (sorted.remarks.length > 0) leftAside.append(remarkList(sorted.remarks));
      for (const slot of kinds) if (sorted[slot].length > 0) await take(slot, sorted[slot]);
    } catch (error) {
      problem.textContent = sentence(error);
      problem.hidden = false;
    }
  };
  const root = element(
    "div",
    {class: "reader-images"},
    everything,
    leftAside,
    element("div", {class: "slots"}, kinds.map((slot) => slots[slot]!.element)), // prettier-ignore
    problem,
    stage,
    remarks,
    status,
    results,
    survival.element
  );
  return {
    element: root,
    networksAre(opened) {
      open = opened;
      if (maskFile && images.size > 0) void applyMask();
    }
  };
}

function imageWords({name, columns, rows, slices, conversion}: ImageFacts, seconds: number): string {
  const rule = conversion ? ` ${conversion.rule}${conversion.detail ? ` (${conversion.detail})` : ""}.` : "";
  return `${name}: ${slices} slices of ${columns} × ${rows}, read in ${seconds.toFixed(1)} s.${rule}`;
}

function predictionWords({modality, signature, provider, seconds}: Prediction): string {
  return `${modality.toUpperCase()} signature ${signature.toFixed(2)} SD, in ${seconds.toFixed(2)} s on ${provider}.`;
}

/** By variable: what models take from images. The volume is that of the PET's mask where there is one, as in the cohort. */
function computedValues({study}: Cohort, predictions: readonly Prediction[]): Record<string, number | null> {
  const volume = study.variables.find(({origin}) => origin === "image");
  const signatures = predictions.map(({variable, signature}) => [variable, signature]);
  return Object.fromEntries(volume && predictions[0] ? [...signatures, [volume.id, predictions[0].millilitres]] : signatures); // prettier-ignore
}

/** The first few; the choice beside it has all. */
const listed = (labels: readonly string[]) =>
  labels.length > 4 ? `${labels.slice(0, 4).join(", ")} and ${labels.length - 4} more` : labels.join(", ");

function sentence(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
