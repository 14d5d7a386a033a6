import {element} from "./element.js";
import type {FollowedSelection} from "./followSelection.js";

/** Buttons to undo and redo the reader's changes; Ctrl+Z and Ctrl+Shift+Z (⌘ on a Mac) do the same outside text fields. */
export function undoControls(followed: FollowedSelection): HTMLElement {
  const undo = element("button", {type: "button", name: "undo", onclick: () => followed.undo()}, "Undo");
  const redo = element("button", {type: "button", name: "redo", onclick: () => followed.redo()}, "Redo");
  undo.title = "Ctrl+Z";
  redo.title = "Ctrl+Shift+Z";
  // A disabled button would lose the focus of who works by keyboard.
  const tell = () => {
    undo.setAttribute("aria-disabled", String(!followed.canUndo()));
    redo.setAttribute("aria-disabled", String(!followed.canRedo()));
  };
  followed.onChange(tell);
  tell();
  addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.altKey || isText(event.target)) return;
    const key = event.key.toLowerCase();
    if (key !== "z" && key !== "y") return;
    event.preventDefault();
    if (key === "y" || event.shiftKey) followed.redo();
    else followed.undo();
  });
  return element("div", {class: "downloads"}, undo, redo);
}

/** Where Ctrl+Z undoes typing. */
function isText(target: EventTarget | null): boolean {
  if (target instanceof HTMLTextAreaElement) return true;
  return target instanceof HTMLInputElement && ["text", "number", "search"].includes(target.type);
}
