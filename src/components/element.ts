type Attributes = Readonly<Record<string, string | number | boolean | null | undefined | ((event: Event) => void)>>;
type Child = Node | string | null | undefined | false;

const SVG = "http://www.w3.org/2000/svg";

/** An HTML element: functions become listeners ("onclick"), true an empty attribute, null and false none. */
export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(tag), attributes, children);
}

/** As `element`, in SVG. */
export function svgElement<K extends keyof SVGElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly (Child | readonly Child[])[]
): SVGElementTagNameMap[K] {
  return filled(document.createElementNS(SVG, tag), attributes, children);
}

/** Puts a text in a node where it says another: the browser lays out anew even what is the same. */
export function setText(node: Node, text: string): void {
  if (node.textContent !== text) node.textContent = text;
}

/** Elements that `element` and `svgElement` made listen. */
export const listening = new WeakSet<Node>();

function filled<E extends Element>(
  node: E,
  attributes: Attributes,
  children: readonly (Child | readonly Child[])[]
): E {
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") {
      node.addEventListener(name.slice(2), value);
      listening.add(node);
    } else if (value !== null && value !== undefined && value !== false)
      node.setAttribute(name, value === true ? "" : String(value));
  }
  node.append(...children.flat().filter((child): child is Node | string => child instanceof Node || !!child));
  return node;
}
