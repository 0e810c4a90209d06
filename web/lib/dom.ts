/** What an element may hold. Texts become text nodes: nothing that comes from data is ever read as markup. */
export type Child = Node | string | number | undefined | false | readonly Child[];

type Value = string | number | boolean | undefined;
type Handlers = { readonly [K in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[K]) => void };

export interface Attributes {
  readonly on?: Handlers;
  readonly [name: string]: Value | Handlers;
}

/** Attributes that would run or style; handlers are given as `on`, styles are set by classes. */
const forbidden = /^(on|style$|srcdoc$)/i;

/** Makes an element. Attributes that are false or undefined are left out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'object') listen(element, value);
    else setAttribute(element, name, value);
  }
  append(element, children);
  return element;
}

function listen(element: HTMLElement, handlers: Handlers): void {
  for (const [type, handler] of Object.entries(handlers))
    if (handler) element.addEventListener(type, handler as (event: Event) => void);
}

/** Sets or takes away an attribute; `true` is written as the empty text. */
export function setAttribute(element: Element, name: string, value: Value): void {
  if (forbidden.test(name)) throw new Error(`attribute ${name} is not set from a text`);
  if (value === undefined || value === false) element.removeAttribute(name);
  else element.setAttribute(name, value === true ? '' : String(value));
}

function append(parent: Node, children: readonly Child[]): void {
  for (const child of children) {
    if (child === undefined || child === false) continue;
    if (typeof child === 'object' && !(child instanceof Node)) append(parent, child);
    else parent.appendChild(child instanceof Node ? child : document.createTextNode(String(child)));
  }
}

/** Puts other children in place of those that an element has. */
export function fill(element: Element, ...children: readonly Child[]): void {
  element.replaceChildren();
  append(element, children);
}

const svgSpace = 'http://www.w3.org/2000/svg';

/** A drawing of one path on a field of 16 × 16, in the colour of the text. Hidden from screen readers: words stand beside it. */
export function glyph(path: string, className = 'glyph'): SVGSVGElement {
  const svg = document.createElementNS(svgSpace, 'svg');
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', className);
  svg.setAttribute('aria-hidden', 'true');
  const drawn = document.createElementNS(svgSpace, 'path');
  drawn.setAttribute('d', path);
  svg.appendChild(drawn);
  return svg;
}
