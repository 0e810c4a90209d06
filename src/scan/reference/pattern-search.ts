import { utf8Text } from '../../core/byte-text.ts';
import { limits } from '../../core/limits.ts';
import { groupIndex } from '../group-split.ts';
import { commandLineRule, forgedMaskRule, percentRule } from '../noted-rules.ts';
import { checkedPattern, type Pattern, type TextFinder } from '../pattern.ts';
import type { Plan, PlanPattern } from '../plan.ts';
import type { MaskTexts } from '../ports.ts';
import { ByteCache } from './byte-cache.ts';
import { MatchCheck } from './match-check.ts';
import { TextDocument } from './text-document.ts';
import type { TriggerFinder } from './trigger-finder.ts';

interface CachedEdits {
  readonly edits: readonly { readonly start: number; readonly end: number; readonly text: Uint8Array; readonly rule: number }[];
  readonly forged: boolean;
}

const nothing: CachedEdits = { edits: [], forged: false };
/** Longer stretches repeat too rarely. */
const cachedStretchBytes = 96;
/** Lines of longer texts are looked up as a whole: the files of a cluster have most of their lines in common, and an older version of themselves. */
const leastLinedBytes = 128;
const cachedLineBytes = 256;
const lineFeed = 10;

/** A failed check this long is not searched again from within. */
const retriedMatchBytes = 256;

/** Where a match was refused: matches from `first` on and before `before` are looked at. */
interface Within {
  readonly finder: TextFinder;
  readonly first: number;
  readonly before: number;
}

/** Runs the patterns whose triggers fired on one decoded value and turns what they find into edits. */
export class PatternSearch {
  /** Text was seen that looks like one of our masks. */
  forgedMask = false;
  readonly #patterns: readonly PlanPattern[];
  readonly #compiled: readonly Pattern[];
  readonly #unless: readonly (Pattern | undefined)[];
  readonly #checks: readonly (MatchCheck | undefined)[];
  readonly #plan: Plan;
  readonly #texts: MaskTexts;
  /** By pattern: up to where it has searched the text of a round. */
  readonly #searched: Float64Array;
  readonly #searchedIn: Float64Array;
  /** By class of separators: the last stretch between two of them that was looked for, and the round. */
  readonly #froms: Float64Array;
  readonly #tos: Float64Array;
  readonly #stretchedIn: Float64Array;
  /** Texts searched so far. */
  #round = 0;
  readonly #stretches: ByteCache<CachedEdits>;
  /** What all patterns find in a line whose matches never go beyond one, where they do not. */
  readonly #lines: ByteCache<CachedEdits>;
  /** By pattern: no match goes beyond a line. */
  readonly #inLine: readonly boolean[];

  /** By pattern: only noted, for the text reader to look for its hits. */
  readonly #noted: readonly boolean[];

  constructor(plan: Plan, texts: MaskTexts, seed: number) {
    this.#plan = plan;
    this.#stretches = new ByteCache(limits.cacheEntries, limits.cacheEntries * 32, seed);
    this.#lines = new ByteCache(limits.cacheEntries, limits.cacheEntries * 64, seed);
    this.#patterns = plan.patterns;
    this.#noted = plan.patterns.map(({ rule }) => rule === percentRule || rule === commandLineRule);
    this.#inLine = plan.patterns.map(
      ({ separators }, i) => this.#noted[i] === true || (separators !== undefined && plan.classes[separators]?.[lineFeed] === 1),
    );
    this.#compiled = plan.patterns.map((one) => checkedPattern(one.expression));
    this.#searched = new Float64Array(plan.patterns.length);
    this.#searchedIn = new Float64Array(plan.patterns.length);
    this.#froms = new Float64Array(plan.classes.length);
    this.#tos = new Float64Array(plan.classes.length);
    this.#stretchedIn = new Float64Array(plan.classes.length);
    this.#unless = plan.patterns.map((one) => {
      const unless = plan.maskRules[one.rule]?.unless;
      return unless === undefined ? undefined : checkedPattern(unless);
    });
    this.#checks = plan.patterns.map((one) => one.check && new MatchCheck(one.check));
    this.#texts = texts;
  }

  /** `finder` holds the hits of `document.bytes[start … end)`, which is decoded text. */
  search(document: TextDocument, start: number, end: number, finder: TriggerFinder): void {
    if (finder.hitCount > 0) this.#searchAll(document, start, end, finder);
  }

  /** Whether `search` finds something there; nothing is noted of it. */
  finds(bytes: Uint8Array, start: number, end: number, finder: TriggerFinder): boolean {
    const forged = this.takeForged();
    this.#trial.reset(undefined, 'root', bytes, start, end);
    this.search(this.#trial, start, end, finder);
    const found = this.#trial.edits.count > 0 || this.forgedMask;
    this.forgedMask = forged;
    return found;
  }
  readonly #trial = new TextDocument();

  /** Notes whether text in the shape of a mask is seen from now on. @returns whether it was before */
  takeForged(): boolean {
    const { forgedMask } = this;
    this.forgedMask = false;
    return forgedMask;
  }

  #replay(known: CachedEdits, document: TextDocument, start: number): void {
    for (const edit of known.edits) document.edits.add(start + edit.start, start + edit.end, edit.text, edit.rule, 1);
    if (known.forged) this.forgedMask = true;
  }

  #foundSince({ edits }: TextDocument, start: number, count: number): CachedEdits {
    if (edits.count === count && !this.forgedMask) return nothing;
    const found = [];
    for (let i = count; i < edits.count; i++) {
      const [from, to] = [edits.starts[i] as number, edits.ends[i] as number];
      found.push({ start: from - start, end: to - start, text: edits.texts[i] as Uint8Array, rule: edits.rules[i] as number });
    }
    return { edits: found, forged: this.forgedMask };
  }

  #searchAll(document: TextDocument, start: number, end: number, finder: TriggerFinder): void {
    this.#round++;
    this.#unlined = start;
    const { hitAt, hits, hitCount } = finder;
    const lined = end - start >= leastLinedBytes;
    for (let i = 0; i < hitCount; i++) {
      const until = lined ? this.#searchLine(document, start, end, finder, i) : i;
      if (until > i) i = until - 1;
      else this.#searchAt(hits[i] as number, hitAt[i] as number, document, start, end);
    }
  }

  /**
   * Searches the line of the hit numbered `first` by all patterns with hits there, or takes what was found in such a line before.
   * @returns the first hit behind it; `first` where the line is too long, or a pattern may go beyond it
   */
  #searchLine(document: TextDocument, start: number, end: number, finder: TriggerFinder, first: number): number {
    const { bytes } = document;
    const { hitAt, hits, hitCount } = finder;
    const at = hitAt[first] as number;
    if (at < this.#unlined) return first;
    let from = at;
    while (from > start && bytes[from - 1] !== lineFeed && at - from <= cachedLineBytes) from--;
    let to = at;
    while (to < end && bytes[to] !== lineFeed && to - at <= cachedLineBytes) to++;
    let until = first;
    while (until < hitCount && (hitAt[until] as number) < to && this.#inLine[hits[until] as number]) until++;
    if (to - from > cachedLineBytes || (until < hitCount && (hitAt[until] as number) < to)) {
      this.#unlined = to;
      return first;
    }
    // The line feeds stay in view, as separators do in `searchAt`.
    if (from > start) from--;
    if (to < end) to++;
    const hash = this.#lines.hash(bytes, from, to, 0);
    const known = this.#lines.get(hash, bytes, from, to, 0);
    if (known) this.#replay(known, document, from);
    else {
      const { count } = document.edits;
      const forged = this.takeForged();
      for (let i = first; i < until; i++) this.#searchAt(hits[i] as number, hitAt[i] as number, document, start, end);
      if (this.#lines.isMetAgain(hash)) this.#lines.set(hash, bytes, from, to, 0, this.#foundSince(document, from, count));
      this.forgedMask ||= forged;
    }
    return until;
  }

  /** Hits before this place of the text are not looked up by line. */
  #unlined = 0;

  /** A pattern looks at the stretch around its hit that lies between two bytes no match of it contains. */
  #searchAt(pattern: number, at: number, document: TextDocument, start: number, end: number): void {
    const [searched, searchedIn, round] = [this.#searched, this.#searchedIn, this.#round];
    if (this.#noted[pattern]) return;
    if (searchedIn[pattern] === round && at < (searched[pattern] as number)) return;
    const { bytes } = document;
    const { separators } = this.#patterns[pattern] as PlanPattern;
    let from = start;
    let to = end;
    if (separators !== undefined) {
      if (
        this.#stretchedIn[separators] !== round ||
        at < (this.#froms[separators] as number) ||
        at >= (this.#tos[separators] as number)
      )
        this.#stretch(separators, bytes, start, end, at, round);
      from = this.#froms[separators] as number;
      to = this.#tos[separators] as number;
    }
    searched[pattern] = to;
    searchedIn[pattern] = round;
    // The separators themselves stay in view: ^, $ and \b must not mistake a cut for the end of the value.
    this.#searchStretch(pattern, document, from > start ? from - 1 : start, to < end ? to + 1 : end);
  }

  /** Notes the stretch around a place that lies between two separators. */
  #stretch(separators: number, bytes: Uint8Array, start: number, end: number, at: number, round: number): void {
    const separates = this.#plan.classes[separators] as Uint8Array;
    let [from, to] = [at, at];
    while (from > start && separates[bytes[from - 1] as number] === 0) from--;
    while (to < end && separates[bytes[to] as number] === 0) to++;
    this.#froms[separators] = from;
    this.#tos[separators] = to;
    this.#stretchedIn[separators] = round;
  }

  /** What a pattern finds in a stretch depends on nothing else, and short ones (addresses, names) repeat in many values. */
  #searchStretch(pattern: number, document: TextDocument, start: number, end: number): void {
    if (end - start > cachedStretchBytes) {
      this.#searchOne(pattern, document, document.bytes.subarray(start, end), start);
      return;
    }
    const { bytes } = document;
    const hash = this.#stretches.hash(bytes, start, end, pattern);
    const known = this.#stretches.get(hash, bytes, start, end, pattern);
    if (known) this.#replay(known, document, start);
    else {
      const { count } = document.edits;
      const forged = this.takeForged();
      this.#searchOne(pattern, document, document.bytes.subarray(start, end), start);
      if (this.#stretches.isMetAgain(hash))
        this.#stretches.set(hash, bytes, start, end, pattern, this.#foundSince(document, start, count));
      this.forgedMask ||= forged;
    }
  }

  #searchOne(pattern: number, document: TextDocument, value: Uint8Array, start: number): void {
    const one = this.#patterns[pattern] as PlanPattern;
    const compiled = this.#compiled[pattern] as Pattern;
    const spans = compiled.findAll(value, one.group);
    const check = this.#checks[pattern];
    if (spans.length === 0 || (check !== undefined && !check.opens(value))) return;
    let finder: TextFinder | undefined;
    for (let i = 0; i < spans.length; i += 4) {
      const [matchStart, matchEnd] = [spans[i] as number, spans[i + 1] as number];
      const [maskStart, maskEnd] = [spans[i + 2] as number, spans[i + 3] as number];
      // An alternative without the group says what to pass over: nothing within it is looked for again.
      if (maskStart < 0) continue;
      if (check !== undefined && !check.accepts(value, matchStart, matchEnd, maskStart, maskEnd)) continue;
      if (maskEnd > maskStart && this.#accept(pattern, document, value, start, maskStart, maskEnd)) continue;
      if (check !== undefined || matchEnd - matchStart > retriedMatchBytes) continue;
      finder ??= compiled.finder(value);
      const first = characterAfter(value, matchStart);
      this.#searchWithin(pattern, document, value, start, { finder, first, before: spans[i + 4] ?? value.length });
    }
  }

  /** What a refused match may have hidden: matches that start within it, up to the next one that is known. */
  #searchWithin(pattern: number, document: TextDocument, value: Uint8Array, start: number, within: Within): void {
    const { group } = this.#patterns[pattern] as PlanPattern;
    const { finder, first, before } = within;
    for (let from = first; from < before; ) {
      const match = finder(from);
      if (!match || (match[0] as number) >= before) return;
      const [matchStart, matchEnd] = [match[0] as number, match[1] as number];
      const index = groupIndex(match, group);
      const [maskStart, maskEnd] = [match[index] ?? -1, match[index + 1] ?? -1];
      const masked = maskEnd > maskStart && this.#accept(pattern, document, value, start, maskStart, maskEnd);
      from = masked || maskStart < 0 ? Math.max(matchEnd, matchStart + 1) : characterAfter(value, matchStart);
    }
  }

  #accept(
    pattern: number,
    document: TextDocument,
    value: Uint8Array,
    start: number,
    maskStart: number,
    maskEnd: number,
  ): boolean {
    const one = this.#patterns[pattern] as PlanPattern;
    const bytes = value.subarray(maskStart, maskEnd);
    if (this.#unless[pattern]?.test(bytes)) return false;
    if (one.rule === forgedMaskRule) {
      this.forgedMask = true;
      return true;
    }
    const rule = this.#plan.maskRules[one.rule];
    const keyed = rule?.action === 'pseudonymise' || rule?.action === 'keep-last-4';
    const text = one.validate.length > 0 || keyed ? utf8Text(bytes) : '';
    for (const name of one.validate) if (!this.#texts.validate(name, text)) return false;
    const mask = keyed ? this.#texts.pseudonym(one.rule, text) : this.#texts.redaction(one.rule);
    if (mask) document.edits.add(start + maskStart, start + maskEnd, mask, one.rule, 1);
    return true;
  }
}

function characterAfter(bytes: Uint8Array, at: number): number {
  let next = at + 1;
  while (next < bytes.length && ((bytes[next] ?? 0) & 0xc0) === 0x80) next++;
  return next;
}
