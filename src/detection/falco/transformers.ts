/** What a transformer takes and gives. `text`: one text; `values`: a text or a list, each of it; `list`: a list as a whole. */
export interface TransformerSignature {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly help: string;
}

export const transformerSignatures: readonly TransformerSignature[] = [
  { name: 'tolower', least: 1, most: 1, help: 'tolower(field)' },
  { name: 'toupper', least: 1, most: 1, help: 'toupper(field)' },
  { name: 'b64', least: 1, most: 1, help: 'b64(field)' },
  { name: 'basename', least: 1, most: 1, help: 'basename(field)' },
  { name: 'len', least: 1, most: 1, help: 'len(field)' },
  { name: 'join', least: 2, most: 2, help: 'join("-", (field, "text"))' },
  { name: 'concat', least: 2, most: 64, help: 'concat(field, "text")' },
  { name: 'getopt', least: 2, most: 2, help: 'getopt(field, "ab:") or getopt(field, "ab:")[b]' },
];

/** Gives no text where there is none to give: then the check is false. */
export type TextMap = (text: string) => string | undefined;

/** What the text decodes to; nothing where it is not base64. */
function decodeBase64(text: string): string | undefined {
  const plain = text.replace(/={0,2}$/, '');
  if (!/^[A-Za-z0-9+/]*$/.test(plain) || plain.length % 4 === 1) return undefined;
  return Buffer.from(plain, 'base64').toString('utf8');
}

/** Transformers of one text. Case changes for ASCII and beyond. */
export const textMaps: Readonly<Record<string, TextMap>> = {
  tolower: (text) => text.toLowerCase(),
  toupper: (text) => text.toUpperCase(),
  b64: decodeBase64,
  basename: (text) => text.slice(text.lastIndexOf('/') + 1),
};

/** Length of a text in bytes of UTF-8. */
export function lengthOf(text: string): string {
  return String(Buffer.byteLength(text));
}

export interface Option {
  readonly letter: string;
  /** Empty for an option that takes none. */
  readonly argument: string;
}

/**
 * Options among the words of a command, as getopt(3) finds them: letters after a hyphen, `x:` for one with an argument,
 * `x::` for one whose argument may follow in the same word. Words that are no options are passed over, unless the
 * letters start with `+`; `--` ends the options. Letters that are not asked for are left out.
 */
export function findOptions(words: readonly string[], letters: string): readonly Option[] {
  const found: Option[] = [];
  const spec = letters.replace(/^[-+:]+/, '');
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') break;
    if (!word.startsWith('-') || word === '-') {
      if (letters.startsWith('+')) break;
      continue;
    }
    if (word.startsWith('--')) continue;
    for (let at = 1; at < word.length; at++) {
      const letter = word.charAt(at);
      const place = letter === ':' ? -1 : spec.indexOf(letter);
      if (place < 0) continue;
      if (spec[place + 1] !== ':') {
        found.push({ letter, argument: '' });
        continue;
      }
      const rest = word.slice(at + 1);
      const optional = spec[place + 2] === ':';
      if (rest !== '' || optional) found.push({ letter, argument: rest });
      else if (i + 1 < words.length) found.push({ letter, argument: words[++i] as string });
      break;
    }
  }
  return found;
}
