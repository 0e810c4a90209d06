import type { SilenceMatch } from '../../src/core/review.ts';
import type { ReviewRequest, SilenceRequest } from '../../src/web/api.ts';
import { wordsOf } from '../lib/api-client.ts';
import { type App, mayReview } from '../lib/app.ts';
import { openFormDialog } from '../lib/dialogs.ts';
import { h } from '../lib/dom.ts';
import { brief } from '../lib/visible.ts';
import type { FindingRow } from './finding-row.ts';

type Action = ReviewRequest['action'];

const words: Readonly<Record<Action, readonly [title: string, done: string]>> = {
  acknowledge: ['Acknowledge finding', 'Acknowledged'],
  close: ['Close finding', 'Closed'],
  reopen: ['Reopen finding', 'Reopened'],
};

/** Notes are masked by the server, but what is never typed cannot leak. */
const noteLimit = 2000;

const onlyAnalysts = 'Auditors read; reviewing needs the role analyst.';

/** Asks for a note and reviews the finding. Auditors are told that they may not. */
export function reviewFinding(app: App, row: Pick<FindingRow, 'id' | 'ruleName'>, action: Action, done: () => void): void {
  if (!mayReview(app)) {
    app.say(onlyAnalysts, 'bad');
    return;
  }
  const [title, past] = words[action];
  const note = noteField();
  openFormDialog({
    title,
    submit: title.split(' ')[0] as string,
    content: [h('p', { class: 'about' }, brief(row.ruleName)), note.label],
    send: async () => {
      const text = note.input.value.trim();
      const request: ReviewRequest = { action, ...(text === '' ? {} : { text }) };
      await app.api.post(`findings/${encodeURIComponent(row.id)}/reviews`, request);
      app.say(past);
      done();
    },
  });
}

const durations = [
  ['1', 'an hour'],
  ['8', '8 hours'],
  ['24', 'a day'],
  ['168', 'a week'],
  ['720', '30 days'],
] as const;

/** Asks what to be quiet about and for how long. */
export function silenceFinding(app: App, row: FindingRow, done: () => void): void {
  if (!mayReview(app)) {
    app.say(onlyAnalysts, 'bad');
    return;
  }
  const choices = [
    ['rule', row.rule, row.ruleName, true],
    ['user', row.user, row.user, true],
    ['namespace', row.namespace, row.namespace, false],
  ] as const;
  const boxes = choices
    .filter(([, value]) => value !== '')
    .map(([name, value, shown, isOn]) => {
      const box = h('input', { type: 'checkbox', name, checked: isOn });
      return {
        name,
        value,
        box,
        label: h('label', { class: 'check' }, box, `${name === 'user' ? 'actor' : name}: `, h('bdi', {}, brief(shown, 120))),
      };
    });
  const duration = h(
    'select',
    { name: 'duration' },
    durations.map(([value, text]) => h('option', { value }, text)),
  );
  const note = noteField();
  openFormDialog({
    title: 'Silence findings like this',
    submit: 'Silence',
    content: [
      h(
        'p',
        { class: 'about' },
        'They are still found, kept and shown; no message is sent about them. All that is ticked must hold.',
      ),
      boxes.map(({ label }) => label),
      h('label', { class: 'field' }, 'For', duration),
      note.label,
    ],
    send: async () => {
      const match = Object.fromEntries(
        boxes.filter(({ box }) => box.checked).map(({ name, value }) => [name, value]),
      ) as SilenceMatch;
      if (Object.keys(match).length === 0) throw new Error('Tick at least one, or everything would be silenced.');
      const until = new Date(Date.now() + Number(duration.value) * 3_600_000).toISOString();
      const text = note.input.value.trim();
      const request: SilenceRequest = { match, until, ...(text === '' ? {} : { text }) };
      await app.api.post('silences', request);
      app.say('Silenced');
      done();
    },
  });
}

/** Messages are sent again about what it kept quiet. */
export function endSilence(app: App, id: string): void {
  app.api.delete(`silences/${encodeURIComponent(id)}`).then(
    () => app.say('The silence has ended'),
    (error: unknown) => app.say(wordsOf(error).message, 'bad'),
  );
}

function noteField(): { readonly input: HTMLTextAreaElement; readonly label: HTMLElement } {
  const input = h('textarea', { name: 'note', rows: 3, maxlength: noteLimit });
  const label = h('label', { class: 'field' }, 'Note (optional; it is masked before it is kept)', input);
  return { input, label };
}
