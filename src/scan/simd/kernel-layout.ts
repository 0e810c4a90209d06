import { limits } from '../../core/limits.ts';

/** What the module exports (assembly/). Addresses are of its memory, in bytes. */
export interface KernelExports {
  newlines(start: number, end: number, out: number): number;
  triggerTables(
    bits: number,
    pairs: number,
    rowsOf: number,
    rows: number,
    buckets: number,
    classes: number,
    looked: number,
    runs: number,
  ): void;
  candidates(start: number, end: number, out: number, limit: number): number;
  sipHash(key: number, start: number, end: number, out: number): void;
  walkTables(at: number): void;
  walk(
    start: number,
    end: number,
    state: number,
    depth: number,
    fired: number,
    firedLimit: number,
    tape: number,
    tapeEnd: number,
    level: number,
    noted: number,
    notedEnd: number,
  ): number;
  stringTables(slots: number, kept: number, met: number, seed: number): void;
  remember(start: number, end: number, tag: number, number: number): void;
  forgetStrings(): void;
  stringsFull(): number;
  tapeEnd(): number;
  candidatesEnd(): number;
  fieldsEnd(): number;
}

export const pageBytes = 65_536;
/** Candidates of one call; a text with more is looked through in TypeScript. */
export const mostCandidates = 32_768;
/** Names that a walk holds at a time; a document with more is read in TypeScript. */
export const mostSeen = 65_536;
/** Entries of a tape; a document that needs more is read in TypeScript. */
export const mostTaped = 32_768;
/** Values of fields; a document with more is read in TypeScript. */
export const mostNoted = 32_768;
/** Bytes of a text that is looked through beside the one that is loaded, and triggers that may fire in it. */
export const mostAside = 65_536;
export const mostAsideCandidates = 4_096;
/** Numbers of known strings: not on the tape at all; what is done for them depends on their place alone; then those of the host. */
export const knownNumbers = { nothing: 1, onlyItsPlace: 2, first: 3 } as const;
/** What the kernel says of a string that it does not know: nothing, that it meets it for the first time, or that it has met it before. */
export const meetings = { unsaid: 0, first: 1, again: 2 } as const;
/** Each known string has a slot of its own until all are forgotten. */
export const knownSlots = 32_768;
/** Longer strings are not known to the kernel. */
export const longestKnown = 255;
/** Bytes of a name that the kernel remembers. */
export const longestSpelling = 255;
/** What a kernel may read beyond the end of a text: a remembered name and 16 bytes. */
export const slackBytes = 1024;

/** Memory layout, in bytes: small things first, then the tables of fixed size, those of the plan, and the text. */
export const layout = sized({
  key: [16, 16],
  digest: [32, 16],
  walkTables: [48, 96],
  results: [144, 32],
  /** A name in its short spelling, its closing quote, and what may be read beyond. */
  spelling: [176, longestSpelling + 33],
  candidates: [0, mostCandidates * 8],
  tape: [0, mostTaped * 16],
  noted: [0, mostNoted * 16],
  stack: [0, (limits.jsonDepth + 2) * 32],
  seen: [0, mostSeen * 4],
  slots: [0, 16_384 * 4],
  entries: [0, 8_192 * 32],
  names: [0, 524_288],
  /** Strings met before (assembly/strings.ts). */
  knownSlots: [0, knownSlots * 16],
  knownBytes: [0, 1_048_576 + 256],
  knownOnce: [0, 65_536],
  /** A text of its own, with 64 bytes free before it, and where triggers fire in it. */
  aside: [0, mostAside + 128],
  asideCandidates: [0, mostAsideCandidates * 8],
  /** Places of a stretch of text that are looked at more closely, in two rounds (assembly/kernel.ts). */
  looked: [0, 4096 * 4 + 4096 * 8 + 64],
  plan: [0, 0],
});

/** Gives each area that has no place yet the one after the area before it. */
function sized<K extends string>(areas: Readonly<Record<K, readonly [number, number]>>): Readonly<Record<K, number>> {
  let end = 0;
  const places = {} as Record<K, number>;
  for (const name of Object.keys(areas) as K[]) {
    const [at, bytes] = areas[name];
    places[name] = at === 0 ? (end + 15) & ~15 : at;
    end = places[name] + bytes;
  }
  return places;
}

/** What a walk found, and where it is in the memory's words. */
export interface Walk {
  /** Entries of four words; the end is -1 where the document does not fit the kernel's tables. */
  readonly tape: number;
  readonly tapeEnd: number;
  /** Triggers that fired: places and numbers in turn. */
  readonly fired: number;
  readonly firedEnd: number;
  /** Values of fields, of four words: field and, in the high half, type; start, end, slot of a known string or -1. */
  readonly noted: number;
  readonly notedEnd: number;
  /** What to take from a place to have the offset in the array. */
  readonly origin: number;
  /** Index into `stubReasons`: the tape ends where the document stops being JSON. */
  readonly fault: number;
  readonly repeatedKeys: boolean;
  /** What `done` goes back to. */
  readonly marks: { readonly top: number; readonly tapeTop: number; readonly firedTop: number; readonly origin: number };
}

/** The path automaton as `walk` reads it. */
export interface WalkTables {
  /** By state: its row in `transitions`, which has `symbols` entries. */
  readonly rowOf: Uint16Array;
  readonly transitions: Uint16Array;
  readonly symbols: number;
  /**
   * By state: 1 where the plan has no action for a value; 2 where what is done for a string in which nothing fires depends on its
   * place alone; 3 where nothing is done for such a string; else 0.
   */
  readonly quiet: Uint8Array;
  readonly nameBits: Uint32Array;
  /** By state: where its list of fields begins in `fieldLists`, 0 where it has none. A list is a count and so many fields. */
  readonly fieldsOf: Uint16Array;
  readonly fieldLists: Uint16Array;
  /** Length of the longest list. */
  readonly mostFields: number;
  /** Name classes that hold for the elements of a list too. */
  readonly scalarClasses: number;
  /** Every string is of interest: some pattern has no trigger. */
  readonly everything: boolean;
  /** Lists of strings that may be command lines are of interest wherever they stand. */
  readonly wordLists: boolean;
  /** Strings of this many bytes and more may hold encoded text. */
  readonly longString: number;
  /** By byte: value as a base64 digit, 255 for other bytes; then by byte: 1 where text may hold it. */
  readonly digits: Uint8Array;
  /** Makes collisions of names unpredictable. */
  readonly seed: number;
}

/** Reads the name that starts at a place of the loaded text, after its quote. */
export type NameReader = (start: number) => {
  readonly symbol: number;
  readonly classes: number;
  readonly identity: number;
  readonly end: number;
  /** A pattern may find something in the name itself. */
  readonly searched: boolean;
  /** Written with escapes it does not need: repeats of it are not found by comparing bytes. */
  readonly respelled: boolean;
  /** Of such a name: how it is written with escapes for quotes and backslashes alone, its closing quote included; empty where others are needed. */
  readonly spelling: Uint8Array;
};
