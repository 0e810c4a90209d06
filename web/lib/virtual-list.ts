import { h } from './dom.ts';

/** Rows drawn above and below those that are seen, so that a fast wheel finds them there. */
const spareRows = 8;

export interface VirtualListOptions {
  readonly label: string;
  readonly className: string;
  /** Makes the row with this number. It is given an id, a place and its number in the whole. */
  render(index: number): HTMLElement;
  /** These rows are seen now. */
  onSeen?(first: number, last: number): void;
  onOpen?(index: number): void;
}

/**
 * A list of any length of which only the rows that are seen exist. All rows are as high as the custom property --row says.
 * The list itself has the focus; the chosen row is told by aria-activedescendant.
 */
export class VirtualList {
  readonly element: HTMLElement;
  readonly #options: VirtualListOptions;
  readonly #field = h('div', { class: 'field', role: 'presentation' });
  readonly #drawn = new Map<number, HTMLElement>();
  readonly #resizes = new ResizeObserver(() => this.draw());
  #count = 0;
  #chosen = -1;
  #frame = 0;
  #rowHeight = 32;

  constructor(options: VirtualListOptions) {
    this.#options = options;
    this.element = h(
      'div',
      { class: `virtual ${options.className}`, role: 'listbox', tabindex: 0, 'aria-label': options.label },
      this.#field,
    );
    this.element.addEventListener('scroll', () => this.#later(), { passive: true });
    this.element.addEventListener('click', (event) => this.#click(event));
    this.#resizes.observe(this.element);
  }

  get chosen(): number {
    return this.#chosen;
  }

  get count(): number {
    return this.#count;
  }

  /** Seen from its first row on. */
  get isAtTop(): boolean {
    return this.element.scrollTop < this.#rowHeight;
  }

  /** Sets how many rows there are, and draws those that are seen anew. */
  setCount(count: number): void {
    this.#count = count;
    this.#chosen = Math.min(this.#chosen, count - 1);
    this.redraw();
  }

  /** Rows came in above what is seen: what is seen stays where it is. */
  shift(rows: number): void {
    if (!this.isAtTop) this.element.scrollTop += rows * this.#rowHeight;
  }

  choose(index: number, scroll = true): void {
    this.#chosen = Math.max(-1, Math.min(index, this.#count - 1));
    if (scroll && this.#chosen >= 0) this.#bringIntoView(this.#chosen);
    this.#mark();
  }

  redraw(): void {
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
    this.draw();
  }

  draw(): void {
    this.#measure();
    this.#field.style.height = `${this.#count * this.#rowHeight}px`;
    const { scrollTop, clientHeight } = this.element;
    const seenFirst = Math.floor(scrollTop / this.#rowHeight);
    const seenLast = Math.min(this.#count - 1, Math.ceil((scrollTop + clientHeight) / this.#rowHeight));
    const first = Math.max(0, seenFirst - spareRows);
    const last = Math.min(this.#count - 1, seenLast + spareRows);
    for (const [index, row] of this.#drawn)
      if (index < first || index > last) {
        row.remove();
        this.#drawn.delete(index);
      }
    for (let index = first; index <= last; index++) if (!this.#drawn.has(index)) this.#add(index);
    this.#mark();
    this.#options.onSeen?.(seenFirst, seenLast);
  }

  /** Rows are higher in a narrow list: what is seen first stays so. */
  #measure(): void {
    const height = Number.parseFloat(getComputedStyle(this.element).getPropertyValue('--row')) || 32;
    if (height === this.#rowHeight) return;
    const first = this.element.scrollTop / this.#rowHeight;
    this.#rowHeight = height;
    this.#field.style.height = `${this.#count * height}px`;
    this.element.scrollTop = first * height;
    for (const row of this.#drawn.values()) row.remove();
    this.#drawn.clear();
  }

  close(): void {
    cancelAnimationFrame(this.#frame);
    this.#resizes.disconnect();
  }

  #later(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.draw());
  }

  #add(index: number): void {
    const row = this.#options.render(index);
    row.id = `${this.#options.className}-${index}`;
    row.dataset['index'] = String(index);
    row.setAttribute('role', 'option');
    row.setAttribute('aria-setsize', String(this.#count));
    row.setAttribute('aria-posinset', String(index + 1));
    row.style.transform = `translateY(${index * this.#rowHeight}px)`;
    this.#field.appendChild(row);
    this.#drawn.set(index, row);
  }

  #mark(): void {
    for (const [index, row] of this.#drawn) row.setAttribute('aria-selected', String(index === this.#chosen));
    const chosen = this.#drawn.get(this.#chosen);
    if (chosen) this.element.setAttribute('aria-activedescendant', chosen.id);
    else this.element.removeAttribute('aria-activedescendant');
  }

  #bringIntoView(index: number): void {
    const { scrollTop, clientHeight } = this.element;
    const top = index * this.#rowHeight;
    if (top < scrollTop) this.element.scrollTop = top;
    else if (top + this.#rowHeight > scrollTop + clientHeight) this.element.scrollTop = top + this.#rowHeight - clientHeight;
    this.draw();
  }

  #click(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const row = event.target.closest('[data-index]');
    if (!(row instanceof HTMLElement)) return;
    this.choose(Number(row.dataset['index']), false);
    this.#options.onOpen?.(this.#chosen);
  }
}
