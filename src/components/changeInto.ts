import {listening} from "./element.js";

/**
 * Gives a place new children, but changes those that stand there where they are alike: a table of which some numbers differ
 * is laid out again in those cells only, and keeps how far it was scrolled. What listens to the reader is put in as it is.
 */
export function changeInto(place: Element, ...children: readonly (Node | string)[]): void {
  const next = children.filter((child) => child !== "");
  next.forEach((child, c) => {
    const old = place.childNodes[c];
    const node = typeof child === "string" ? document.createTextNode(child) : child;
    if (!old) place.append(node);
    else if (!old.isEqualNode(node) || listens(node) || listens(old)) change(old, node);
  });
  while (place.childNodes.length > next.length) place.lastChild!.remove();
}

function change(old: ChildNode, next: Node): void {
  if (old instanceof Text && next instanceof Text) {
    old.data = next.data;
  } else if (old instanceof Element && next instanceof Element && alike(old, next)) {
    for (const {name} of [...old.attributes]) if (!next.hasAttribute(name)) old.removeAttribute(name);
    for (const {name, value} of next.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
    changeInto(old, ...next.childNodes);
  } else old.replaceWith(next);
}

const alike = (old: Element, next: Element) =>
  old.tagName === next.tagName && !listening.has(old) && !listening.has(next);

/** Whether a node, or a node in it, listens to the reader. */
const listens = (node: Node): boolean => listening.has(node) || [...node.childNodes].some(listens);
