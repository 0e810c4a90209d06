import type { KeyAction } from '../lib/app.ts';
import { fill, h } from '../lib/dom.ts';
import type { View } from '../lib/route.ts';

/** After `g` the second key must come within this time. */
const chordMs = 1500;

const viewKeys: Readonly<Record<View, string>> = {
  findings: 'f',
  reviews: 'v',
  overview: 'o',
  events: 'e',
  rules: 'r',
  posture: 'p',
  health: 'h',
  try: 't',
};

const isTyping = (target: EventTarget | null): boolean =>
  target instanceof HTMLInputElement || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;

/** Keys of the whole page: those of the open view, `g` and a letter for views, `?` for help. */
export class Keyboard {
  readonly #views: readonly View[];
  readonly #go: (view: View) => void;
  readonly help = h('dialog', { class: 'help', 'aria-labelledby': 'help-title' });
  actions: readonly KeyAction[] = [];
  #chordUntilMs = 0;

  constructor(views: readonly View[], go: (view: View) => void) {
    this.#views = views;
    this.#go = go;
    document.addEventListener('keydown', (event) => this.#down(event));
  }

  #down(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (document.querySelector('dialog[open]')) return;
    if (isTyping(event.target)) {
      if (event.key === 'Escape') (event.target as HTMLElement).blur();
      return;
    }
    if (this.#chord(event) || this.#action(event)) event.preventDefault();
  }

  #chord(event: KeyboardEvent): boolean {
    if (event.key === 'g') {
      this.#chordUntilMs = event.timeStamp + chordMs;
      return true;
    }
    if (event.timeStamp > this.#chordUntilMs) return false;
    this.#chordUntilMs = 0;
    const view = this.#views.find((one) => viewKeys[one] === event.key);
    if (view) this.#go(view);
    return view !== undefined;
  }

  #action(event: KeyboardEvent): boolean {
    if (event.key === '?') {
      this.showHelp();
      return true;
    }
    // A button or a link that has the focus keeps its own keys.
    const onControl = event.target instanceof HTMLElement && event.target.closest('button, a, summary') !== null;
    if (onControl && (event.key === 'Enter' || event.key === ' ')) return false;
    const action = this.actions.find(({ keys }) => keys.includes(event.key));
    action?.run();
    return action !== undefined;
  }

  showHelp(): void {
    const rows = [
      ...this.actions.map(({ keys, what }) => [keys, what] as const),
      ...this.#views.map((view) => [[`g ${viewKeys[view]}`], `go to ${view}`] as const),
      [['?'], 'this help'] as const,
      [['Escape'], 'back, close, leave a field'] as const,
    ];
    fill(
      this.help,
      h('h2', { id: 'help-title' }, 'Keys'),
      h(
        'dl',
        { class: 'keys' },
        rows.map(([keys, what]) =>
          h(
            'div',
            {},
            h(
              'dt',
              {},
              keys.map((key) => h('kbd', {}, key)),
            ),
            h('dd', {}, what),
          ),
        ),
      ),
      h('form', { method: 'dialog' }, h('button', { class: 'primary' }, 'Close')),
    );
    this.help.showModal();
  }
}
