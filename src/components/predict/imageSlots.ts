import {element} from "../element.js";
import {chosenFiles, type DroppedFile, droppedFiles} from "./droppedFiles.js";
import type {Slot} from "./sortFiles.js";

/** A place for the files of one kind, which says what came of them. */
export interface ImageSlot {
  readonly element: HTMLElement;
  /** A sentence of what was read, or of what is wrong. */
  say(sentence: string, isProblem?: boolean): void;
}

const titles = {pet: "PET", ct: "CT", mask: "Tumour mask"} as const;
const kinds = {
  pet: "DICOM series, or NIfTI with the JSON of its facts",
  ct: "DICOM series, or NIfTI",
  mask: "NIfTI, RTSTRUCT or SEG"
} as const;

/**
 * @param extra - controls of this kind of image alone
 * @param onFiles - called with what the reader chose or dropped
 */
export function imageSlot(
  slot: Slot,
  extra: readonly HTMLElement[],
  onFiles: (files: readonly DroppedFile[]) => void,
  onClear: () => void
): ImageSlot {
  const said = element("p", {class: "slot-status", role: "status"});
  const chooser = (folder: boolean) => {
    const input = element("input", {
      type: "file",
      name: `${slot}-${folder ? "folder" : "files"}`,
      multiple: true,
      webkitdirectory: folder,
      onchange: () => {
        const files = chosenFiles(input);
        // The same files may be chosen again after they were mended.
        input.value = "";
        if (files.length > 0) onFiles(files);
      }
    });
    return element("label", {}, element("span", {}, `${titles[slot]}: ${folder ? "a folder" : "files"}`), input);
  };
  const choosers = slot === "mask" ? [chooser(false)] : [chooser(false), chooser(true)];
  const clear = element("button", {type: "button", hidden: true, onclick: onClear}, `Remove ${titles[slot]}`);
  const box = element(
    "fieldset",
    {class: "slot"},
    element("legend", {}, titles[slot]),
    element("small", {}, kinds[slot]),
    choosers,
    extra,
    said,
    clear
  );
  takeDrops(box, onFiles);
  return {
    element: box,
    say(sentence, isProblem = false) {
      said.textContent = sentence;
      said.className = isProblem ? "slot-status problem" : "slot-status";
      clear.hidden = sentence === "";
    }
  };
}

/** Lets files be dropped on an element. */
export function takeDrops(target: HTMLElement, onFiles: (files: readonly DroppedFile[]) => void): void {
  const over = (event: DragEvent) => {
    event.preventDefault();
    target.classList.toggle("drop-here", event.type === "dragover");
  };
  target.addEventListener("dragover", over);
  target.addEventListener("dragleave", over);
  target.addEventListener("drop", (event) => {
    over(event);
    event.stopPropagation();
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then((files) => files.length > 0 && onFiles(files));
  });
}
