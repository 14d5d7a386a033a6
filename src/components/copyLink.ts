import {element} from "./element.js";

/** A button that copies the address of the page, which holds the selection. */
export function copyLink(): HTMLElement {
  const button = element(
    "button",
    {
      type: "button",
      onclick: async () => {
        // Browsers give the clipboard to secure pages only.
        const copied = await navigator.clipboard?.writeText(location.href).then(
          () => true,
          () => false
        );
        button.textContent = copied ? "Link copied" : "Copy the address of this page";
      }
    },
    "Copy link to this selection"
  );
  return button;
}
