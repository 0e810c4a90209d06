import { groupIndex, splitAtGroup } from './group-split.ts';
import type { Pattern, TextFinder } from './pattern.ts';

/** The part of the re2 addon that is used. */
export interface Re2Instance {
  lastIndex: number;
  test(input: Uint8Array): boolean;
  exec(input: Uint8Array): { index: number; indices?: readonly (readonly [number, number] | undefined)[] } | null;
  replace(input: Uint8Array, template: string): Uint8Array;
}
export type Re2Constructor = new (source: string, flags: string) => Re2Instance;

/** Bytes that stand between the parts of a match in the result of a replacement. A text that holds one is searched step by step. */
const marks = { match: 1, group: 2, after: 3, end: 4 } as const;
const highestMark = 4;

interface Splitter {
  readonly engine: Re2Instance;
  readonly template: string;
}

/** An expression on the re2 addon. Nothing is compiled before it is needed: doing so takes milliseconds for a long one. */
export class Re2Pattern implements Pattern {
  readonly source: string;
  readonly #engine: Re2Constructor;
  #tester: Re2Instance | undefined;
  #finder: Re2Instance | undefined;
  readonly #splitters = new Map<number, Splitter | null>();

  constructor(source: string, engine: Re2Constructor) {
    this.source = source;
    this.#engine = engine;
  }

  /** Compiles now. @throws what the engine says of an expression it does not take */
  compile(): void {
    this.#tester ??= new this.#engine(this.source, '');
  }

  release(): void {
    this.#tester = undefined;
    this.#finder = undefined;
    this.#splitters.clear();
  }

  test(bytes: Uint8Array): boolean {
    this.#tester ??= new this.#engine(this.source, '');
    return this.#tester.test(bytes);
  }

  find(bytes: Uint8Array, from: number): readonly number[] | undefined {
    this.#finder ??= new this.#engine(this.source, 'gd');
    this.#finder.lastIndex = from;
    const match = this.#finder.exec(bytes);
    if (!match?.indices) return undefined;
    const spans: number[] = [];
    for (let i = 0; i < match.indices.length; i++) {
      const pair = match.indices[i];
      spans.push(pair ? pair[0] : -1, pair ? pair[1] : -1);
    }
    return spans;
  }

  finder(bytes: Uint8Array): TextFinder {
    return (from) => this.find(bytes, from);
  }

  findAll(bytes: Uint8Array, group: number): readonly number[] {
    const splitter = group < 0 ? undefined : this.#splitter(group);
    if (!splitter || holdsMark(bytes)) return findStepwise(this, bytes, group);
    return readMarks(splitter.engine.replace(bytes, splitter.template));
  }

  /** One call of the addon costs as much as a kilobyte of searching, and `exec` is one a match with many objects. */
  #splitter(group: number): Splitter | undefined {
    const known = this.#splitters.get(group);
    if (known !== undefined) return known ?? undefined;
    const made = this.#makeSplitter(group);
    this.#splitters.set(group, made ?? null);
    return made;
  }

  #makeSplitter(group: number): Splitter | undefined {
    if (group === 0) return { engine: new this.#engine(this.source, 'g'), template: '\x01\x02$&\x03\x04' };
    const split = splitAtGroup(this.source, group);
    if (!split) return undefined;
    const template = `\x01$${split.before}\x02$${split.group}\x03$${split.after}\x04`;
    return { engine: new this.#engine(split.source, 'g'), template };
  }
}

/** All matches by one `find` after another. */
export function findStepwise(pattern: Pattern, bytes: Uint8Array, group: number): readonly number[] {
  const spans: number[] = [];
  for (let from = 0; from <= bytes.length; ) {
    const match = pattern.find(bytes, from);
    if (!match) break;
    const [start, end] = [match[0] as number, match[1] as number];
    const index = groupIndex(match, group);
    spans.push(start, end, match[index] ?? -1, match[index + 1] ?? -1);
    from = Math.max(end, start + 1);
    while (from < bytes.length && ((bytes[from] as number) & 0xc0) === 0x80) from++;
  }
  return spans;
}

function holdsMark(bytes: Uint8Array): boolean {
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) <= highestMark && bytes[i] !== 0) return true;
  return false;
}

/** Places in the text that was replaced, from where the marks stand in the result. */
function readMarks(result: Uint8Array): number[] {
  const spans: number[] = [];
  let [written, start, groupStart, groupEnd] = [0, 0, 0, 0];
  for (let at = 0; at < result.length; at++) {
    const byte = result[at] as number;
    if (byte > highestMark || byte === 0) continue;
    const place = at - written++;
    if (byte === marks.match) start = place;
    else if (byte === marks.group) groupStart = place;
    else if (byte === marks.after) groupEnd = place;
    else spans.push(start, place, groupStart, groupEnd);
  }
  return spans;
}
