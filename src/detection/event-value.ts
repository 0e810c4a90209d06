import { utf8Text } from '../core/byte-text.ts';
import { valueTypes } from '../core/extracts.ts';
import { subjectOfRequest } from './certificate-request.ts';
import type { EventValue, Transform } from './condition.ts';
import { someScalar } from './json-scalars.ts';

const utf8 = new TextDecoder('utf-8');
const encoder = new TextEncoder();
const nothing = new Uint8Array(0);

function hexAt(text: string, at: number): number {
  const digits = text.slice(at, at + 4);
  return /^[0-9a-fA-F]{4}$/.test(digits) ? Number.parseInt(digits, 16) : -1;
}

const shortEscapes: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The text behind a JSON string's inner bytes (RFC 8259 section 7). Linear; a lone surrogate stays one. What is cut off or no escape stays. */
export function unescapeJson(raw: string): string {
  if (!raw.includes('\\')) return raw;
  try {
    return JSON.parse(`"${raw}"`) as string;
  } catch {
    return unescapeLoosely(raw);
  }
}

function unescapeLoosely(raw: string): string {
  let out = '';
  let from = 0;
  for (let at = raw.indexOf('\\'); at >= 0; at = raw.indexOf('\\', from)) {
    out += raw.slice(from, at);
    const mark = raw.charAt(at + 1);
    const unit = mark === 'u' ? hexAt(raw, at + 2) : -1;
    out += unit >= 0 ? String.fromCharCode(unit) : (shortEscapes[mark] ?? mark);
    from = at + (unit >= 0 ? 6 : 2);
  }
  return out + raw.slice(from);
}

/** Decodes %XX as UTF-8 and leaves what is no escape alone, so that a stray % cannot hide the rest. */
export function percentDecode(text: string): string {
  if (!text.includes('%')) return text;
  return text.replace(/(?:%[0-9a-fA-F]{2})+/g, (run) => utf8.decode(Buffer.from(run.replaceAll('%', ''), 'hex')));
}

/** The command line of an exec or attach request: every `command` parameter of the URI, decoded, joined with blanks. */
export function commandOfUri(uri: string): string {
  const query = uri.indexOf('?');
  if (query < 0) return '';
  const words: string[] = [];
  for (const part of uri.slice(query + 1).split('&')) {
    const equals = part.indexOf('=');
    if (equals < 0 || percentDecode(part.slice(0, equals)) !== 'command') continue;
    words.push(percentDecode(part.slice(equals + 1).replaceAll('+', ' ')));
  }
  return words.join(' ');
}

/** The resource of a kind, as the API names it: `NetworkPolicy` gives `networkpolicies`. */
export function pluralOf(kind: string): string {
  const lower = kind.toLowerCase();
  if (lower.endsWith('y') && !/[aeiou]y$/.test(lower)) return `${lower.slice(0, -1)}ies`;
  return /(s|x|ch|sh)$/.test(lower) ? `${lower}es` : `${lower}s`;
}

/** What a generated name was generated from: five characters of this alphabet are added to it (k8s.io/apiserver, names). */
export const generatedFrom = (name: string): string => name.replace(/-[bcdfghjklmnpqrstvwxz2456789]{5}$/, '-');

const transformers: Readonly<Record<Exclude<Transform, 'none'>, (text: string) => string>> = {
  command: commandOfUri,
  percent: percentDecode,
  certificateSubject: subjectOfRequest,
  plural: pluralOf,
  generatedFrom,
};

const transformed = (text: string, transform: Transform): string => (transform === 'none' ? text : transformers[transform](text));

/** A value inside an event's bytes. Reused from event to event; `clear` drops the texts, which are raw. */
export class ByteValue implements EventValue {
  type: number = valueTypes.null;
  size = 0;
  #bytes: Uint8Array = nothing;
  #start = 0;
  #end = 0;
  #transform: Transform = 'none';
  #text: string | undefined;
  #folded: string | undefined;

  set(bytes: Uint8Array, start: number, end: number, type: number, transform: Transform): this {
    this.#bytes = bytes;
    this.#start = start;
    this.#end = end;
    this.#transform = transform;
    this.type = type;
    this.size = end - start;
    this.#text = undefined;
    this.#folded = undefined;
    return this;
  }

  clear(): void {
    this.set(nothing, 0, 0, valueTypes.null, 'none');
  }

  text(): string {
    if (this.#text === undefined) {
      const raw = utf8Text(this.#bytes, this.#start, this.#end);
      this.#text = transformed(this.type === valueTypes.escaped ? unescapeJson(raw) : raw, this.#transform);
    }
    return this.#text;
  }

  folded(): string {
    this.#folded ??= this.text().toLowerCase();
    return this.#folded;
  }

  some(passes: (value: EventValue) => boolean): boolean {
    if (this.type < valueTypes.object) return false;
    const inner = new ByteValue();
    const bytes = this.#bytes;
    return someScalar(bytes, this.#start, this.#end, (type, start, end) => passes(inner.set(bytes, start, end, type, 'none')));
  }

  utf8(): Uint8Array {
    const plain = this.type !== valueTypes.escaped && this.#transform === 'none';
    return plain ? this.#bytes.subarray(this.#start, this.#end) : encoder.encode(this.text());
  }
}
