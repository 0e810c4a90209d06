/** A key as a name (`up`, `enter`, `ctrl-c`), or the character it types. */
export type Key = { readonly type: 'named'; readonly name: KeyName } | { readonly type: 'text'; readonly text: string };

export type KeyName =
  | ('up' | 'down' | 'left' | 'right' | 'home' | 'end' | 'page-up' | 'page-down')
  | ('enter' | 'escape' | 'tab' | 'backspace' | 'delete')
  | ('ctrl-c' | 'ctrl-d' | 'ctrl-l' | 'ctrl-u' | 'ctrl-w' | 'ctrl-z');

const controls: Readonly<Record<string, KeyName>> = {
  '\r': 'enter',
  '\n': 'enter',
  '\t': 'tab',
  '\u007f': 'backspace',
  '\b': 'backspace',
  '\u0003': 'ctrl-c',
  '\u0004': 'ctrl-d',
  '\u000c': 'ctrl-l',
  '\u0015': 'ctrl-u',
  '\u0017': 'ctrl-w',
  '\u001a': 'ctrl-z',
};

/** What stands behind `ESC [` or `ESC O` (ECMA-48, and DEC and xterm's additions). */
const sequences: Readonly<Record<string, KeyName>> = {
  ...{ A: 'up', B: 'down', C: 'right', D: 'left', H: 'home', F: 'end', M: 'enter' },
  ...{ '1~': 'home', '7~': 'home', '4~': 'end', '8~': 'end', '5~': 'page-up', '6~': 'page-down', '3~': 'delete' },
};

/** A sequence is cut off here where its end does not come: nothing that people type is longer. */
const longestSequence = 32;

/**
 * Turns what a terminal sends into keys. A character or a sequence that is cut by the end of a read is completed by the next; an
 * escape alone at the end of a read is the key.
 */
export class KeyReader {
  readonly #decoder = new TextDecoder();
  #rest = '';

  read(bytes: Uint8Array): readonly Key[] {
    const text = this.#rest + this.#decoder.decode(bytes, { stream: true });
    this.#rest = '';
    const keys: Key[] = [];
    for (let at = 0; at < text.length; ) {
      const character = String.fromCodePoint(text.codePointAt(at) ?? 0);
      if (character !== '\u001b') {
        at += character.length;
        const name = controls[character];
        if (name !== undefined) keys.push({ type: 'named', name });
        else if (!/\p{Cc}/u.test(character)) keys.push({ type: 'text', text: character });
        continue;
      }
      const found = sequenceAt(text, at);
      if (found === 'cut') {
        this.#rest = text.slice(at);
        break;
      }
      if (found.name !== undefined) keys.push({ type: 'named', name: found.name });
      at = found.end;
    }
    return keys;
  }
}

function sequenceAt(text: string, at: number): { readonly end: number; readonly name?: KeyName } | 'cut' {
  const opening = text[at + 1];
  if (opening !== '[' && opening !== 'O') return { end: at + 1, name: 'escape' };
  let end = at + 2;
  // Parameters and intermediates, then one final byte.
  while (end < text.length && /[0-9;:<=>?!-/ ]/.test(text[end] ?? '')) end++;
  if (end - at > longestSequence) return { end };
  if (end >= text.length) return 'cut';
  const parameters = text.slice(at + 2, end);
  const final = text[end] ?? '';
  // Modifiers (`1;5A`) do not matter here.
  const name = sequences[final === '~' ? `${parameters.split(';')[0]}~` : final];
  return { end: end + 1, ...(name !== undefined && { name }) };
}
