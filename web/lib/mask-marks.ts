import type { Child } from './dom.ts';
import { h } from './dom.ts';
import { visible } from './visible.ts';

/** Masks as they stand inside a text (src/masking/mask-grammar.ts has the grammar of a whole value), base64 of one, and as URLs write one. */
const masks =
  /\[MASKED:([a-z][a-z0-9-]{0,62})(?::([a-z0-9]{1,16}):([0-9a-f]{16}))?\]|\bW01BU0tFRD[A-Za-z0-9+/]+={0,2}|%5BMASKED(?:%3A[a-z0-9-]+)+%5D/g;

/** A text with its masked values marked, each with what it is in words. */
export function withMasks(text: string): readonly Child[] {
  const parts: Child[] = [];
  let from = 0;
  for (const match of text.matchAll(masks)) {
    if (match.index > from) parts.push(visible(text.slice(from, match.index)));
    parts.push(h('mark', { class: 'mask', title: explain(match[1], match[2]) }, match[0]));
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(visible(text.slice(from)));
  return parts;
}

const accounts = 'system:serviceaccount:';

/** A name or a command for one line: masks as kind and beginning of the pseudonym, `sa:` for service accounts. Whole when pointed at. */
export function shortened(text: string, characters = 300): readonly Child[] {
  const account = text.startsWith(accounts) ? `sa:${text.slice(accounts.length)}` : text;
  const cut = account.slice(0, characters);
  const parts: Child[] = [];
  let from = 0;
  for (const match of cut.matchAll(masks)) {
    parts.push(visible(cut.slice(from, match.index)));
    const [whole, kind, , pseudonym] = match;
    const words = kind === undefined ? 'masked' : pseudonym === undefined ? kind : `${kind} ${pseudonym.slice(0, 8)}`;
    parts.push(h('mark', { class: 'mask', title: whole }, words));
    from = match.index + whole.length;
  }
  parts.push(visible(cut.slice(from)));
  return parts;
}

function explain(kind: string | undefined, keyId: string | undefined): string {
  if (kind === undefined) return 'Masked value, encoded as its place asks for';
  if (keyId === undefined) return `Masked: ${kind}. The value is gone.`;
  return `Masked: ${kind}. The same value gives the same text under key ${keyId}.`;
}
