import type { OpenView, OpenViewOf } from '../lib/app.ts';
import { type Child, fill, h } from '../lib/dom.ts';
import { failureNote, waiting } from '../lib/notices.ts';
import { many } from '../lib/numbers.ts';
import { prettyJson } from '../lib/pretty-json.ts';
import { visible } from '../lib/visible.ts';
import { exampleEvent } from './example-event.ts';
import type { Answer, Asked, MaskedDocument } from './messages.ts';

export const openTry: OpenViewOf = () => new TryView();

/** Documents that are shown; the others are counted. */
const shownDocuments = 20;
const keyBytes = 32;

/** Masks what is pasted, in the browser: the scanner and its plan come as files of the page, and nothing is sent. */
class TryView implements OpenView {
  readonly element: HTMLElement;
  readonly #worker = new Worker('try-it.js');
  readonly #result = h('div', { class: 'try-result', 'aria-live': 'polite' });
  readonly #button = h('button', { type: 'submit', class: 'primary', disabled: true }, 'Mask');
  readonly #input: HTMLTextAreaElement;

  constructor() {
    this.#input = h('textarea', {
      rows: 12,
      spellcheck: 'false',
      autocomplete: 'off',
      'aria-label': 'Event to mask',
      placeholder: 'Paste an audit event, several lines of a log, or any JSON',
    });
    const form = h(
      'form',
      { class: 'try', on: { submit: (event) => this.#submit(event) } },
      h('h1', {}, 'Try it'),
      h(
        'p',
        { class: 'none' },
        'The scanner runs in this browser tab, with the policy standard and a random key of this visit. What you paste is not sent anywhere, and not kept.',
      ),
      this.#input,
      h(
        'div',
        { class: 'buttons' },
        this.#button,
        h('button', { type: 'button', on: { click: () => this.#example() } }, 'An example'),
      ),
    );
    this.element = h('div', { class: 'try-page' }, form, this.#result);
    fill(this.#result, waiting('Loading the scanner'));
    this.#worker.onmessage = ({ data }: MessageEvent<Answer>) => this.#answered(data);
    this.#worker.onerror = () => this.#answered({ failed: 'The scanner could not be started in this browser.' });
    this.#ask({ key: crypto.getRandomValues(new Uint8Array(keyBytes)) });
  }

  readonly keys = [{ keys: ['/'], what: 'to the field', run: () => this.#input.focus() }];

  update(): void {}

  close(): void {
    this.#worker.terminate();
  }

  #ask(asked: Asked): void {
    this.#worker.postMessage(asked);
  }

  #example(): void {
    this.#input.value = exampleEvent;
    this.#input.form?.requestSubmit();
  }

  #submit(event: Event): void {
    event.preventDefault();
    if (this.#button.disabled || this.#input.value.trim() === '') return;
    this.#button.disabled = true;
    this.#ask({ text: this.#input.value });
  }

  #answered(answer: Answer): void {
    this.#button.disabled = false;
    if ('ready' in answer) fill(this.#result);
    else if ('failed' in answer) fill(this.#result, failureNote(new Error(answer.failed)));
    else fill(this.#result, resultOf(answer.documents));
  }
}

function resultOf(documents: readonly MaskedDocument[]): readonly Child[] {
  const masks = documents.reduce((sum, { masks: made }) => sum + made.reduce((all, { count }) => all + count, 0), 0);
  const left = documents.length - shownDocuments;
  return [
    h('p', { class: 'none' }, `${many(masks, 'value')} masked in ${many(documents.length, 'document')}.`),
    documents.slice(0, shownDocuments).map(documentResult),
    left > 0 && h('p', { class: 'none' }, `${many(left, 'more document')} not shown.`),
  ];
}

function documentResult({ masked, stub, masks }: MaskedDocument): Child {
  if (stub !== undefined)
    return h(
      'section',
      { class: 'card' },
      h(
        'p',
        { class: 'bad' },
        `! It cannot be masked (${stub}), so nothing of it would be kept: the agent writes a stub with its identity and size, and a finding.`,
      ),
    );
  return h(
    'section',
    { class: 'card try-document' },
    prettyJson(masked),
    masks.length === 0
      ? h('p', { class: 'none' }, 'Nothing in it is masked.')
      : h(
          'table',
          { class: 'plain' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Where', 'Kind', 'Recognised by'].map((name) => h('th', { scope: 'col' }, name)),
            ),
          ),
          h(
            'tbody',
            {},
            masks.map(({ path, kind, about, evidence, masked: part, count, action }) =>
              h(
                'tr',
                {},
                h('td', {}, h('code', {}, visible(path)), count > 1 && ` ×${count}`),
                h('td', {}, kind, h('small', { class: 'note' }, `${part}, ${action}`)),
                h('td', { title: visible(evidence.says) }, `${evidence.by}: `, visible(about)),
              ),
            ),
          ),
        ),
  );
}
