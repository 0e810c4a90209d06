import type { Column } from '../sinks/shared/columns.ts';

/** A note as it stands in the log: our own audit. Anybody who may write to the data folder can leave one: nothing in it is certain. */
export interface NoteRow {
  readonly note: string;
  readonly at: string;
  readonly by: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What people said about findings. */
const reviewNotes = new Set(['review', 'silence']);
/** Reading, asking, exporting, unmasking, logging in. */
const accessNote = /^(?:exported|proved|pseudonym-looked-up|quer|read|search|unmask|view|web-|login|logout|token-)/;

export const isReview = ({ note }: NoteRow): boolean => reviewNotes.has(note);
export const isAccess = ({ note }: NoteRow): boolean => accessNote.test(note);

/** @returns undefined where it is no JSON object */
export function noteRow(payload: Uint8Array): NoteRow | undefined {
  try {
    const { note, at, by, ...detail } = JSON.parse(Buffer.from(payload).toString('utf8')) as Record<string, unknown>;
    const { name, uid } = (by ?? {}) as { readonly name?: unknown; readonly uid?: unknown };
    return { note: String(note), at: String(at), by: String(name ?? uid ?? 'unknown'), detail };
  } catch {
    return undefined;
  }
}

const textOf = (value: unknown): string | undefined =>
  value === undefined ? undefined : typeof value === 'string' ? value : JSON.stringify(value);

export const reviewColumns: readonly Column<NoteRow>[] = [
  { name: 'at', type: 'text', value: ({ at }) => at },
  { name: 'by', type: 'text', value: ({ by }) => by },
  { name: 'action', type: 'text', value: ({ note, detail }) => textOf(detail['action'] ?? note) },
  { name: 'finding', type: 'text', value: ({ detail }) => textOf(detail['finding']) },
  { name: 'match', type: 'text', value: ({ detail }) => textOf(detail['match']) },
  { name: 'until', type: 'text', value: ({ detail }) => textOf(detail['until']) },
  { name: 'text', type: 'text', value: ({ detail }) => textOf(detail['text']) },
];

export const accessColumns: readonly Column<NoteRow>[] = [
  { name: 'at', type: 'text', value: ({ at }) => at },
  { name: 'by', type: 'text', value: ({ by }) => by },
  { name: 'action', type: 'text', value: ({ note }) => note },
  { name: 'detail', type: 'text', value: ({ detail }) => JSON.stringify(detail) },
];
