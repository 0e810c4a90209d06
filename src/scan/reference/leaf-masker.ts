import { latin1Text, utf8Text } from '../../core/byte-text.ts';
import { limits } from '../../core/limits.ts';
import { checkedPattern, type Pattern } from '../pattern.ts';
import type { Plan, PlanMaskRule } from '../plan.ts';
import type { MaskTexts } from '../ports.ts';
import { ByteCache } from './byte-cache.ts';
import { byDrop } from './edits.ts';
import { maskBytes, maskLength } from './mask-length.ts';
import { skipSpace } from './string-end.ts';
import { TextDocument } from './text-document.ts';

/** Text of a value that stays as it is. */
const stays = new Uint8Array(0);
/** Ranks of edits: what stands at a place known to hold a secret says more than what it is called. */
export const byName = 2;
export const byPlace = 3;
/** What is left of a cut text is still searched. */
const byCut = 1;
const zero = Buffer.from('0');
const empty = new Uint8Array(0);
const [openBracket, closeBracket] = [91, 93] as const;

/** Masks whole values: one string or number, or every leaf of a list or object, whose shape is kept. */
export class LeafMasker {
  readonly #rules: readonly PlanMaskRule[];
  readonly #unless: readonly (Pattern | undefined)[];
  readonly #texts: MaskTexts;
  /** By rule and value: one for all rules, so that memory does not grow with their number. */
  readonly #cache: ByteCache<Uint8Array>;
  readonly #decoded = new TextDocument();
  /** What was masked before stays as it is, whichever rule comes first now. */
  readonly #redactions: ReadonlySet<string>;
  #rank = byName;

  constructor(plan: Plan, texts: MaskTexts, seed: number) {
    this.#cache = new ByteCache(limits.cacheEntries, limits.cacheEntries * 32, seed);
    this.#rules = plan.maskRules;
    this.#unless = plan.maskRules.map((rule) => (rule.unless === undefined ? undefined : checkedPattern(rule.unless)));
    this.#texts = texts;
    this.#redactions = new Set(plan.kinds.map((kind) => `[MASKED:${kind}]`));
  }

  /** Masks the leaves of the value that is `document.bytes[start … end)`, quotes and brackets included. */
  mask(document: TextDocument, start: number, end: number, rule: number, rank: number): void {
    const { bytes } = document;
    const { action } = this.#rules[rule] as PlanMaskRule;
    if (action === 'drop') {
      this.#drop(document, start, end, rule);
      return;
    }
    this.#rank = action === 'truncate' ? byCut : rank;
    let at = start;
    while (at < end) {
      const byte = bytes[at] as number;
      if (byte === 34) at = this.#string(document, at + 1, end, rule);
      else if (byte === 45 || (byte >= 48 && byte <= 57)) at = this.#number(document, at, end, rule);
      else at++;
    }
  }

  /** Masks a part of decoded text. */
  text(document: TextDocument, start: number, end: number, rule: number): void {
    this.#rank = byName;
    this.#text(document, start, end, false, rule);
  }

  #text(document: TextDocument, start: number, end: number, escaped: boolean, rule: number): void {
    if (end <= start) return;
    const { action, characters = 0 } = this.#rules[rule] as PlanMaskRule;
    if (action === 'truncate') {
      const cut = afterCharacters(document.bytes, start, end, characters);
      if (cut + maskLength(document.bytes, cut, end) < end)
        document.edits.add(cut, end, this.#texts.redaction(rule), rule, byCut);
      return;
    }
    const { bytes } = document;
    // As an edit that changes nothing it still keeps patterns away from the place.
    const mask = this.#isRedaction(bytes, start, end, rule)
      ? bytes.slice(start, end)
      : this.#maskOf(document, start, end, escaped, rule);
    if (mask !== stays) document.edits.add(start, end, mask, rule, this.#rank);
  }

  /** Empties an object, a list or a text; a number becomes 0. The member stays, so that readers find what they expect. */
  #drop(document: TextDocument, start: number, end: number, rule: number): void {
    const first = document.bytes[start];
    if (first === 34 || first === 123 || first === 91) {
      if (end - start > 2) document.edits.add(start + 1, end - 1, empty, rule, byDrop);
    } else if (end - start > 1 || first !== 48) document.edits.add(start, end, zero, rule, byDrop);
  }

  #string(document: TextDocument, start: number, end: number, rule: number): number {
    const { bytes } = document;
    let at = start;
    let escaped = false;
    while (bytes[at] !== 34) {
      if (bytes[at] === 92) {
        escaped = true;
        at++;
      }
      at++;
    }
    const next = skipSpace(bytes, at + 1, end);
    const isKey = next < end && bytes[next] === 58;
    if (!isKey && !document.isSpared(start, rule)) this.#text(document, start, at, escaped, rule);
    return next;
  }

  #number(document: TextDocument, start: number, end: number, rule: number): number {
    let at = start + 1;
    while (at < end && isNumberByte(document.bytes[at] as number)) at++;
    if ((this.#rules[rule] as PlanMaskRule).action === 'truncate') return at;
    if (!this.#unless[rule]?.test(document.bytes.subarray(start, at))) document.edits.add(start, at, zero, rule, this.#rank);
    return at;
  }

  /** The whole text is a mask that says nothing but its kind. */
  #isRedaction(bytes: Uint8Array, start: number, end: number, rule: number): boolean {
    if (bytes[start] !== openBracket || bytes[end - 1] !== closeBracket || end - start > maskBytes) return false;
    const { action, encode } = this.#rules[rule] as PlanMaskRule;
    return action === 'redact' && encode === undefined && this.#redactions.has(latin1Text(bytes, start, end));
  }

  #maskOf(document: TextDocument, start: number, end: number, escaped: boolean, rule: number): Uint8Array {
    const one = this.#rules[rule] as PlanMaskRule;
    if (one.action === 'redact' && !this.#unless[rule]) return this.#texts.redaction(rule);
    if (end - start > limits.cachedValueBytes) return this.#decide(document, start, end, escaped, rule);
    // The same bytes mean another text where a backslash is only a backslash.
    const tag = rule * 2 + (escaped ? 1 : 0);
    const hash = this.#cache.hash(document.bytes, start, end, tag);
    const known = this.#cache.get(hash, document.bytes, start, end, tag);
    if (known) return known;
    const mask = this.#decide(document, start, end, escaped, rule);
    this.#cache.set(hash, document.bytes, start, end, tag, mask);
    return mask;
  }

  #decide(document: TextDocument, start: number, end: number, escaped: boolean, rule: number): Uint8Array {
    let bytes = document.bytes.subarray(start, end);
    if (escaped) {
      this.#decoded.decode(document, 'json', start, end);
      bytes = this.#decoded.bytes.subarray(0, this.#decoded.end);
    }
    if (this.#unless[rule]?.test(bytes)) return stays;
    if ((this.#rules[rule] as PlanMaskRule).action === 'redact') return this.#texts.redaction(rule);
    return this.#texts.pseudonym(rule, utf8Text(bytes)) ?? stays;
  }
}

function isNumberByte(byte: number): boolean {
  return (byte >= 48 && byte <= 57) || byte === 46 || byte === 101 || byte === 69 || byte === 43 || byte === 45;
}

/**
 * Where `count` characters of a JSON string's contents end. An escape is one, so are two of a surrogate pair, and so is a whole
 * mask: it must not be cut, and what stood there was at least as long, so that masking again cuts nothing more.
 */
function afterCharacters(bytes: Uint8Array, start: number, end: number, count: number): number {
  let at = start;
  for (let left = count; left > 0 && at < end; left--) {
    const byte = bytes[at] as number;
    const mask = byte === 91 ? maskLength(bytes, at, end) : 0;
    if (mask > 0) at += mask;
    else if (byte !== 92) at += byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    else if (bytes[at + 1] !== 117) at += 2;
    else at += startsPair(bytes, at) ? 12 : 6;
  }
  return Math.min(at, end);
}

/** A high surrogate's escape with another escape right after it. */
function startsPair(bytes: Uint8Array, at: number): boolean {
  const high = ((bytes[at + 2] as number) | 32) === 100 && /[89ab]/i.test(String.fromCharCode(bytes[at + 3] as number));
  return high && bytes[at + 6] === 92 && bytes[at + 7] === 117;
}
