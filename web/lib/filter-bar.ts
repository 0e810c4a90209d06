import { fill, h } from './dom.ts';
import { type Route, withParams } from './route.ts';
import { ranges } from './time-range.ts';
import { localText } from './times.ts';
import { brief } from './visible.ts';

const typingMs = 200;

export interface FilterBarOptions {
  readonly searchLabel: string;
  readonly placeholder: string;
  readonly selects: readonly FilterSelect[];
  /** Parameters that are shown to be taken away, with the word for each. */
  readonly chips: Readonly<Record<string, string>>;
  /** Whether a time can be chosen. */
  readonly ranges?: 'none';
  /** The range that is meant where none is chosen; '' is all there is. */
  readonly defaultRange: string;
  readonly withPeople: boolean;
  current(): Route;
  go(route: Route, replace?: boolean): void;
}

export interface FilterSelect {
  readonly name: string;
  readonly label: string;
  /** Value and what is shown; the first is meant where none is chosen. */
  readonly options: readonly (readonly [value: string, shown: string])[];
}

/** Fields and buttons above what they filter. What is chosen stands in the address; the bar only shows it. */
export class FilterBar {
  readonly element: HTMLElement;
  readonly #options: FilterBarOptions;
  readonly #search: HTMLInputElement;
  readonly #selects: readonly HTMLSelectElement[];
  readonly #ranges: ReadonlyMap<string, HTMLButtonElement>;
  readonly #people: HTMLInputElement;
  readonly #chips = h('div', { class: 'chips' });
  readonly #said = h('div', { class: 'said', role: 'status', 'aria-live': 'polite' });
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: FilterBarOptions) {
    this.#options = options;
    this.#search = this.#searchField();
    this.#selects = options.selects.map((one) => this.#select(one));
    const names = [...(options.defaultRange === '' ? [''] : []), ...Object.keys(ranges)];
    this.#ranges = new Map(names.map((range) => [range, this.#rangeButton(range)]));
    this.#people = h('input', {
      type: 'checkbox',
      on: { change: () => this.#change({ humans: this.#people.checked ? 'true' : undefined }) },
    });
    const people = options.withPeople && h('label', { class: 'check' }, this.#people, 'people only');
    const rangeGroup =
      options.ranges !== 'none' && h('div', { class: 'ranges', role: 'group', 'aria-label': 'Time' }, [...this.#ranges.values()]);
    this.element = h(
      'div',
      { class: 'filters', role: 'search' },
      h('div', { class: 'bar' }, this.#search, this.#selects, people, rangeGroup),
      h('div', { class: 'under' }, this.#said, this.#chips),
    );
  }

  focus(): void {
    this.#search.focus();
    this.#search.select();
  }

  /** What was typed last is not searched for any more: another view is open. */
  close(): void {
    clearTimeout(this.#timer);
  }

  /** Shows a line below the fields, and reads it out. */
  say(text: string): void {
    if (this.#said.textContent !== text) fill(this.#said, text);
  }

  show({ params }: Route): void {
    if (document.activeElement !== this.#search) this.#search.value = params['text'] ?? '';
    for (const one of this.#selects) one.value = params[one.name] ?? '';
    const range = params['since'] === undefined ? (params['range'] ?? this.#options.defaultRange) : undefined;
    for (const [one, button] of this.#ranges) button.setAttribute('aria-pressed', String(one === range));
    this.#people.checked = params['humans'] === 'true';
    const chips = Object.entries(this.#options.chips).filter(([name]) => params[name] !== undefined);
    fill(
      this.#chips,
      chips.map(([name, word]) => this.#chip(name, word, params[name] as string)),
    );
  }

  #change(changes: Readonly<Record<string, string | undefined>>, replace = false): void {
    this.#options.go(withParams(this.#options.current(), changes), replace);
  }

  #searchField(): HTMLInputElement {
    const { searchLabel, placeholder } = this.#options;
    const field = h('input', {
      type: 'search',
      name: 'text',
      placeholder,
      'aria-label': searchLabel,
      'aria-keyshortcuts': '/',
      spellcheck: 'false',
      autocomplete: 'off',
    });
    field.addEventListener('input', () => {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#change({ text: field.value.trim() }, true), typingMs);
    });
    return field;
  }

  #select({ name, label, options }: FilterSelect): HTMLSelectElement {
    const element = h(
      'select',
      { name, 'aria-label': label, on: { change: () => this.#change({ [name]: element.value }) } },
      options.map(([value, text]) => h('option', { value }, text)),
    );
    return element;
  }

  #rangeButton(range: string): HTMLButtonElement {
    const click = (): void => {
      const isDefault = range === this.#options.defaultRange;
      this.#change({ range: isDefault ? undefined : range, since: undefined, until: undefined });
    };
    return h('button', { type: 'button', on: { click } }, range === '' ? 'all' : range);
  }

  #chip(name: string, word: string, value: string): HTMLElement {
    const shown = name === 'since' || name === 'until' ? localText(Number(value) || Date.parse(value)) : brief(value, 80);
    const click = (): void => this.#change({ [name]: undefined });
    return h(
      'span',
      { class: 'chip' },
      `${word}: `,
      h('bdi', { title: brief(value) }, shown),
      h('button', { type: 'button', 'aria-label': `Take away the filter ${word}`, on: { click } }, '×'),
    );
  }
}
