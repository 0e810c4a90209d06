import { readCheckpoints, type SignedCheckpoint } from './signed-note.ts';

/** Base64 of a note has at least this many characters. */
const encodedNote = /[A-Za-z0-9+/]{160,}={0,2}/g;

/** A note, or several, in a form that no sink changes: one word without line ends. */
export const packCheckpoints = (notes: readonly string[]): string => Buffer.from(notes.join('\n')).toString('base64');

/**
 * Checkpoints in a file: notes as they are, or packed in whatever a sink wrote around them (lines of JSON, syslog, a mail). Of each log
 * the last one that stands there counts. Undefined where there is none.
 */
export function checkpointsIn(text: string): readonly SignedCheckpoint[] | undefined {
  const found = readCheckpoints(text);
  if (found) return found;
  const byOrigin = new Map<string, SignedCheckpoint>();
  for (const [packed] of text.matchAll(encodedNote)) {
    const note = Buffer.from(packed, 'base64').toString('utf8');
    if (!note.startsWith('auditveil/')) continue;
    for (const checkpoint of readCheckpoints(note) ?? []) byOrigin.set(checkpoint.origin, checkpoint);
  }
  return byOrigin.size > 0 ? [...byOrigin.values()] : undefined;
}
