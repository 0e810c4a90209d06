import type { Finding } from '../../core/finding.ts';
import type { ReviewAction, SilenceMatch } from '../../core/review.ts';
import { durationOf } from '../command-options.ts';
import { shortUser } from './finding-parts.ts';
import type { Key } from './keys.ts';
import { editField, fieldText, type TextField } from './text-field.ts';

/** What the program is asked to do by a dialog that came to its end. */
export type Request =
  | { readonly type: 'review'; readonly finding: string; readonly action: ReviewAction; readonly text: string }
  | { readonly type: 'silence'; readonly match: SilenceMatch; readonly durationMs: number; readonly text: string };

/** A question on the lower line. */
export type Dialog =
  | { readonly type: 'filter'; readonly field: TextField; readonly before: string }
  | { readonly type: 'review'; readonly field: TextField; readonly finding: string; readonly action: ReviewAction }
  | { readonly type: 'what'; readonly choices: readonly Choice[] }
  | { readonly type: 'how-long'; readonly field: TextField; readonly match: SilenceMatch }
  | { readonly type: 'why'; readonly field: TextField; readonly match: SilenceMatch; readonly durationMs: number };

interface Choice {
  readonly key: string;
  readonly text: string;
  readonly match: SilenceMatch;
}

/** A dialog goes on, ends without anything, or ends with a request. */
export type Turn = { readonly dialog: Dialog } | { readonly end: Request | undefined };

const labels: Readonly<Record<ReviewAction, string>> = {
  acknowledge: 'acknowledge, with a note: ',
  close: 'close, with a note: ',
  reopen: 'reopen, with a note: ',
};

export function reviewDialog(finding: Finding, action: ReviewAction): Dialog {
  return { type: 'review', finding: finding.id, action, field: { label: labels[action], text: '' } };
}

/** What may be silenced of a finding, the narrowest first. */
export function silenceDialog({ rule, event }: Finding): Dialog {
  const { user, namespace } = event;
  const choices: Choice[] = [];
  if (user !== undefined) choices.push({ key: 'u', text: `of ${shortUser(user)}`, match: { rule: rule.id, user } });
  if (namespace) choices.push({ key: 'n', text: `in ${namespace}`, match: { rule: rule.id, namespace } });
  choices.push({ key: 'r', text: 'everywhere', match: { rule: rule.id } });
  return { type: 'what', choices };
}

export function dialogText(dialog: Dialog, columns: number): string {
  if (dialog.type !== 'what') return fieldText(dialog.field, columns);
  return `silence this rule: ${dialog.choices.map(({ key, text }) => `[${key}] ${text}`).join('  ')}`;
}

/** What a key makes of a dialog. The filter takes effect while it is written, so it ends without a request. */
export function turnDialog(dialog: Dialog, key: Key): Turn {
  if (key.type === 'named' && (key.name === 'escape' || key.name === 'ctrl-c')) return { end: undefined };
  if (dialog.type === 'what') {
    const choice = key.type === 'text' ? dialog.choices.find((one) => one.key === key.text.toLowerCase()) : undefined;
    if (!choice) return { dialog };
    return { dialog: { type: 'how-long', match: choice.match, field: { label: 'for (30m, 8h, 7d): ', text: '8h' } } };
  }
  if (key.type === 'named' && key.name === 'enter') return finish(dialog);
  return { dialog: { ...dialog, field: editField(dialog.field, key) ?? dialog.field } };
}

function finish(dialog: Exclude<Dialog, { readonly type: 'what' }>): Turn {
  const { text } = dialog.field;
  switch (dialog.type) {
    case 'filter':
      return { end: undefined };
    case 'review':
      return { end: { type: 'review', finding: dialog.finding, action: dialog.action, text } };
    case 'how-long': {
      const durationMs = durationOf(text.trim());
      if (!durationMs) return { dialog: { ...dialog, field: { label: 'write 30m, 8h or 7d: ', text: '' } } };
      return { dialog: { type: 'why', match: dialog.match, durationMs, field: { label: 'silence, with a note: ', text: '' } } };
    }
    case 'why':
      return { end: { type: 'silence', match: dialog.match, durationMs: dialog.durationMs, text } };
  }
}
