import { utf8Text } from '../core/byte-text.ts';
import type { Extracts } from '../core/extracts.ts';
import type { Plan } from '../scan/plan.ts';
import type { Codecs, MaskTexts } from '../scan/ports.ts';
import { ReferenceScanner } from '../scan/reference/scanner.ts';
import type { TextDocument } from '../scan/reference/text-document.ts';
import { placesOf, type ValuePlace } from './value-path.ts';

/** A document within the event: how its text was found, and where in it the next one, or the masked value, is. */
export interface TraceStep {
  readonly as: 'event' | 'json' | 'text' | 'encoded';
  readonly path: readonly (string | number)[];
}

/** One replacement that was made. Holds nothing of the value. */
export interface TracedMask {
  /** Number of the mask rule in the plan. */
  readonly rule: number;
  /** From the event inwards; at least one. */
  readonly steps: readonly TraceStep[];
  /**
   * Where each document begins in the one around it, from the event inwards, then where the mask begins in the innermost
   * one. Two traces of one event can be compared by it.
   */
  readonly at: readonly number[];
  /** Where the mask ends in the innermost document. */
  readonly end: number;
  /** The whole value, or a part of its text. */
  readonly isWhole: boolean;
  /** The name of a member, not a value. */
  readonly isName: boolean;
  /** What stands there now, as UTF-8 text. */
  readonly shown: string;
}

export interface Trace {
  /** Index into `stubReasons`; 0 where the event was masked. */
  readonly fault: number;
  readonly masks: readonly TracedMask[];
  /** The masked event; empty where there was a fault. */
  readonly masked: Uint8Array;
  /** Valid until the next trace. */
  readonly extracts: Extracts;
}

/** What is known of a text while its event is traced. */
interface Known {
  readonly document: TextDocument;
  readonly isJson: boolean;
  /** Where it and the documents around it begin, from the event inwards. */
  readonly at: readonly number[];
  /** Replacements in it, in their order; rule -1: carried out of a text within it. */
  readonly masks: { rule: number; start: number; end: number; shown: string }[];
}

/** Masks events by a plan like the inspector does, and says what was masked where by which rule. For people, not for speed. */
export class MaskTracer {
  readonly #scanner: ReferenceScanner;
  #known: Known[] = [];

  constructor(plan: Plan, texts: MaskTexts, codecs: Codecs) {
    this.#scanner = new ReferenceScanner(plan, texts, 0, undefined, codecs);
    this.#scanner.observe((document) => this.#note(document));
  }

  /** `bytes` holds at least `limits.tilePaddingBytes` readable bytes after `end`. */
  trace(bytes: Uint8Array, start: number, end: number): Trace {
    this.#known = [];
    const { fault, edits, extracts } = this.#scanner.scan(bytes, start, end);
    if (fault !== 0) return { fault, masks: [], masked: new Uint8Array(0), extracts };
    const pieces: Uint8Array[] = [];
    let at = start;
    for (let i = 0; i < edits.count; i++) {
      pieces.push(bytes.subarray(at, edits.starts[i]), edits.texts[i] as Uint8Array);
      at = edits.ends[i] as number;
    }
    return { fault, masks: this.#masks(), masked: Buffer.concat([...pieces, bytes.subarray(at, end)]), extracts };
  }

  /** Edits are carried out after this, so what is needed of them is copied now. */
  #note(document: TextDocument): void {
    const { edits } = document;
    const masks = [];
    for (let i = 0; i < edits.count; i++) {
      const [start, end] = [edits.starts[i] as number, edits.ends[i] as number];
      masks.push({ rule: edits.rules[i] as number, start, end, shown: utf8Text(edits.texts[i] as Uint8Array) });
    }
    this.#known.push({ document, isJson: isJson(document), at: beginningsOf(document), masks });
  }

  /** In the order of the event's bytes; without what lies inside a value that was masked whole. */
  #masks(): readonly TracedMask[] {
    const all = this.#known;
    const visible = all.filter(({ document }) => !isCovered(document, all));
    return visible.flatMap((known) => masksOf(known, all)).sort((a, b) => compareOrder(a.at, b.at));
  }
}

function masksOf(known: Known, all: readonly Known[]): readonly TracedMask[] {
  const { document, isJson, at } = known;
  const own = known.masks.filter((mask) => mask.rule >= 0);
  const starts = own.map((mask) => mask.start);
  const places = isJson ? placesIn(known, starts) : [];
  const outer = stepsTo(document, all);
  return own.map(({ rule, start, end, shown }, i): TracedMask => {
    const place = places[i];
    const steps = isJson ? [...outer, { as: asOf(known), path: place?.path ?? [] }] : outer;
    // A part of a text that was decoded for itself is a part of the value, whatever of it is masked.
    const isWhole = place
      ? start <= place.start && end >= place.end
      : document.spelling === 'json' && start <= document.start && end >= document.end;
    return { rule, steps, at: [...at, start], end, isWhole, isName: place?.isName ?? false, shown };
  });
}

function beginningsOf(document: TextDocument): readonly number[] {
  return document.parent ? [...beginningsOf(document.parent), document.startInParent] : [];
}

function compareOrder(a: readonly number[], b: readonly number[]): number {
  const first = a.findIndex((at, i) => at !== b[i]);
  return first < 0 ? a.length - b.length : (a[first] as number) - (b[first] ?? -1);
}

function isJson({ bytes, start, end, parent, parts }: TextDocument): boolean {
  if (parent === undefined || parts !== undefined) return true;
  try {
    JSON.parse(utf8Text(bytes, start, end));
    return true;
  } catch {
    return false;
  }
}

function asOf({ document }: Known): TraceStep['as'] {
  if (document.parent === undefined) return 'event';
  if (document.parts) return 'text';
  return document.spelling === 'encoded' ? 'encoded' : 'json';
}

/** A mask of a text around the document that replaces all of it. */
function isCovered(document: TextDocument, all: readonly Known[]): boolean {
  for (let inner = document; inner.parent; inner = inner.parent) {
    const at = inner.startInParent;
    const around = all.find((known) => known.document === inner.parent);
    if (around?.masks.some((mask) => mask.rule >= 0 && mask.start <= at && at < mask.end)) return true;
  }
  return false;
}

/** The steps from the event to a document. Texts that were only decoded add none. */
function stepsTo(document: TextDocument, all: readonly Known[]): readonly TraceStep[] {
  const { parent } = document;
  if (!parent) return [];
  const known = all.find((one) => one.document === parent) ?? { document: parent, isJson: isJson(parent), at: [], masks: [] };
  const outer = stepsTo(parent, all);
  if (!known.isJson) return outer;
  const [place] = placesIn(known, [document.startInParent]);
  return [...outer, { as: asOf(known), path: place?.path ?? [] }];
}

function placesIn({ document, masks }: Known, offsets: readonly number[]): readonly ValuePlace[] {
  const nameOf = (start: number, end: number): string => {
    const inside = masks.filter((mask) => mask.start < end && mask.end > start);
    return nameText(document.bytes, start, end, inside);
  };
  return placesOf(document.bytes, document.start, document.end, offsets, nameOf);
}

/** A member's name as it stands in the masked document. */
function nameText(
  bytes: Uint8Array,
  start: number,
  end: number,
  masks: readonly { readonly start: number; readonly end: number; readonly shown: string }[],
): string {
  let text = '';
  let at = start;
  for (const mask of masks) {
    text += utf8Text(bytes, at, Math.max(at, mask.start)) + mask.shown;
    at = Math.max(at, mask.end);
  }
  text += utf8Text(bytes, at, Math.max(at, end));
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
}
