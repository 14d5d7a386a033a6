import {element} from "../element.js";
import {chosenFiles, type DroppedFile, droppedFiles} from "./droppedFiles.js";
import type {Slot} from "./sortFiles.js";

/** A place for the files of one kind, which says what came of them. */
export interface ImageSlot {
  readonly element: HTMLElement;
  /** A sentence of what was read, or of what is wrong. */
  say(sentence: string, isProblem?: boolean): void;
  /** Lets the reader choose one of several; nothing to choose from takes the choice away. */
  offer(choices: readonly string[], onChoice?: (index: number) => void): void;
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
        onFiles(files);
      }
    });
    return element("label", {}, element("span", {}, `${titles[slot]}: ${folder ? "a folder" : "files"}`), input);
  };
  const choosers = slot === "mask" ? [chooser(false)] : [chooser(false), chooser(true)];
  const choice = element("div", {});
  const clear = element("button", {type: "button", hidden: true, onclick: onClear}, `Remove ${titles[slot]}`);
  const box = element(
    "fieldset",
    {class: "slot"},
    element("legend", {}, titles[slot]),
    element("small", {}, kinds[slot]),
    choosers,
    extra,
    said,
    choice,
    clear
  );
  takeDrops(box, onFiles);
  return {
    element: box,
    say(sentence, isProblem = false) {
      said.textContent = sentence;
      said.className = isProblem ? "slot-status problem" : "slot-status";
      clear.hidden = sentence === "";
    },
    offer(choices, onChoice) {
      const select = element(
        "select",
        {name: `${slot}-series`, onchange: () => onChoice?.(Number(select.value))},
        element("option", {value: "", disabled: true, selected: true}, "Choose one"),
        choices.map((label, index) => element("option", {value: String(index)}, label))
      );
      const label = element("label", {}, element("span", {}, `Which ${titles[slot]}`), select);
      choice.replaceChildren(...(choices.length > 0 ? [label] : []));
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
    if (event.dataTransfer) void droppedFiles(event.dataTransfer).then(onFiles);
  });
}
