// AssemblyScript. Walks one JSON document over the plan's path automaton and writes a tape of what a scanner has to look at.
// The same grammar, faults and order as src/scan/reference/walker.ts; src/scan/simd/tape.ts lays the memory out.

import { candidates } from "./kernel";
import { insert, isSame, knownString, longestKnown, metBefore, nothingToDo, onlyItsPlace, slotOfLast } from "./strings";

/** The host reads a name that is not remembered, of which it is known where it ends. Returns 1 to remember it, 0, or `respelled`. */
// @ts-ignore: decorator
@external("env", "name")
declare function readName(start: i32, end: i32): i32;

/** Results: where the document went wrong, whether a name was repeated, and what `readName` says of a name. */
let results: i32 = 0;
/** Rows of the automaton; most states share theirs with others, and `rowsOf` (u16 by state) says which one it is. */
let transitions: i32 = 0;
let rowsOf: i32 = 0;
let symbols: i32 = 0;
/** By state: see `WalkTables` in src/scan/simd/kernel-layout.ts. */
let quiet: i32 = 0;
let nameBits: i32 = 0;
let scalarClasses: u32 = 0;
let everything: bool = false;
/** Strings of this length and more may hold encoded text. */
let longString: i32 = 0x7fffffff;
/** By byte: value as a base64 digit, 255 for other bytes; then 1 for the bytes of text. */
let digits: i32 = 0;
/** Makes collisions of names unpredictable. */
let seed: u32 = 0;
/** Where the host writes names that it was given in another spelling than the short one. */
let spelling: i32 = 0;
/** By state: which of `fieldLists` its values are noted under, 0 for none. A list is a count and so many field numbers (u16). */
let fieldsOf: i32 = 0;
let fieldLists: i32 = 0;
/** The host looks at every list that may be a command line. */
let wordLists: bool = false;
let stack: i32 = 0;
let seen: i32 = 0;
let seenEnd: i32 = 0;
let slots: i32 = 0;
let entries: i32 = 0;
let entryCount: i32 = 0;
let names: i32 = 0;
let namesUsed: i32 = 0;
let last: i32 = 0;
let serial: u32 = 0;

const maxDepth = 512;
const slotCount = 16384;
const maxEntries = 8192;
const nameRoom = 524288;
const maxProbes = 24;
/** Entry: u32 hash, length, place of the name, symbol, classes, object it was last seen in, name that followed it last time, 1 where it is of interest. */
const entryBytes = 32;
/** Stack frame: u32 state, classes of elements, start, first name in `seen`, serial; u8 closing bracket; u32 its first field. */
const frameBytes = 32;
/** Names looked at one by one in a document before it is left to the scanner in TypeScript. */
const mostCompared = 262144;

const giveUp = -1;
const failed = -2;
/**
 * Answer of the host: other bytes mean the same name, and comparing bytes would miss that it repeats. The results then say how many bytes
 * at `spelling` are the name in its short spelling; none where there is no such spelling.
 */
const respelled = -3;
const notJson = 1;
const tooDeep = 2;
const notUtf8 = 4;

export function walkTables(at: i32): void {
  results = load<i32>(at);
  transitions = load<i32>(at, 4);
  symbols = load<i32>(at, 8);
  quiet = load<i32>(at, 12);
  nameBits = load<i32>(at, 16);
  scalarClasses = load<u32>(at, 20);
  everything = load<i32>(at, 24) != 0;
  stack = load<i32>(at, 28);
  seen = load<i32>(at, 32);
  seenEnd = load<i32>(at, 36);
  slots = load<i32>(at, 40);
  entries = load<i32>(at, 44);
  names = load<i32>(at, 48);
  longString = load<i32>(at, 52);
  digits = load<i32>(at, 56);
  seed = load<u32>(at, 60);
  spelling = load<i32>(at, 64);
  fieldsOf = load<i32>(at, 68);
  fieldLists = load<i32>(at, 72);
  wordLists = load<i32>(at, 76) != 0;
  rowsOf = load<i32>(at, 80);
  forgetNames();
}

/** Forgets all names. Entry 0 stands for "none". */
function forgetNames(): void {
  memory.fill(slots, 0, slotCount * 4);
  memory.fill(entries, 0, entryBytes);
  entryCount = 1;
  namesUsed = 0;
  last = entries;
  serial = 0;
}

/** First byte from `from` on that is a quote, an escape or a control character, `end` at most; -1 where it is not UTF-8. */
// @ts-ignore: decorator
@inline
function plainEnd(from: i32, end: i32): i32 {
  let at = from;
  const quote = i8x16.splat(34);
  const escape = i8x16.splat(92);
  const space = i8x16.splat(32);
  while (at < end) {
    const text = v128.load(at);
    const marks = i8x16.bitmask(v128.or(v128.or(i8x16.eq(text, quote), i8x16.eq(text, escape)), i8x16.lt_s(text, space)));
    if (marks == 0) {
      at += 16;
      continue;
    }
    at += ctz(marks);
    if (at >= end) return end;
    if (load<u8>(at) < 128) return at;
    at = skipCharacter(at, end);
    if (at < 0) return -1;
  }
  return end;
}

// @ts-ignore: decorator
@inline
function continues(at: i32): bool {
  return (load<u8>(at) & 0xc0) == 0x80;
}

/** Unicode Standard, table 3-7. */
function skipCharacter(at: i32, end: i32): i32 {
  const lead: i32 = load<u8>(at);
  const second: i32 = at + 1 < end ? load<u8>(at + 1) : 0;
  if (lead >= 0xc2 && lead <= 0xdf) return (second & 0xc0) == 0x80 ? at + 2 : -1;
  if (lead >= 0xe0 && lead <= 0xef) {
    const low = lead == 0xe0 ? 0xa0 : 0x80;
    const high = lead == 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high && at + 2 < end && continues(at + 2) ? at + 3 : -1;
  }
  if (lead >= 0xf0 && lead <= 0xf4) {
    const low = lead == 0xf0 ? 0x90 : 0x80;
    const high = lead == 0xf4 ? 0x8f : 0xbf;
    return second >= low && second <= high && at + 3 < end && continues(at + 2) && continues(at + 3) ? at + 4 : -1;
  }
  return -1;
}

// @ts-ignore: decorator
@inline
function isHex(byte: i32): bool {
  return (byte >= 48 && byte <= 57) || ((byte | 32) >= 97 && (byte | 32) <= 102);
}

/** Index after an escape sequence, -1 where it is none. */
function skipEscape(at: i32, end: i32): i32 {
  const letter: i32 = at + 1 < end ? load<u8>(at + 1) : 0;
  if (letter != 117) {
    return letter == 34 || letter == 92 || letter == 47 || letter == 98 || letter == 102 || letter == 110 || letter == 114 || letter == 116
      ? at + 2
      : -1;
  }
  if (at + 6 > end) return -1;
  for (let i = at + 2; i < at + 6; i++) if (!isHex(load<u8>(i))) return -1;
  return at + 6;
}

/** The closing quote of a string that holds escapes from `from` on; -1 malformed, -2 not UTF-8. */
function escapedEnd(from: i32, end: i32): i32 {
  let at = from;
  while (true) {
    at = plainEnd(at, end);
    if (at < 0) return -2;
    if (at >= end) return -1;
    const byte: i32 = load<u8>(at);
    if (byte == 34) return at;
    if (byte != 92) return -1;
    at = skipEscape(at, end);
    if (at < 0) return -1;
  }
}

// @ts-ignore: decorator
@inline
function digit(at: i32, end: i32): bool {
  return at < end && <u32>(<i32>load<u8>(at) - 48) < 10;
}

/** Index after the number at `start`, -1 where there is none (RFC 8259 section 6). */
function numberEnd(start: i32, end: i32): i32 {
  let at = load<u8>(start) == 45 ? start + 1 : start;
  if (!digit(at, end)) return -1;
  if (load<u8>(at) == 48) at++;
  else while (digit(at, end)) at++;
  if (at < end && load<u8>(at) == 46) {
    at++;
    if (!digit(at, end)) return -1;
    while (digit(at, end)) at++;
  }
  if (at < end && (load<u8>(at) | 32) == 101) {
    at++;
    if (at < end && (load<u8>(at) == 43 || load<u8>(at) == 45)) at++;
    if (!digit(at, end)) return -1;
    while (digit(at, end)) at++;
  }
  return at;
}

/** True where the remembered name of `entry` and a closing quote stand at `at`. */
// @ts-ignore: decorator
@inline
function matches(entry: i32, at: i32): bool {
  return isSame(at, load<i32>(entry, 8), load<i32>(entry, 4) + 1);
}

// @ts-ignore: decorator
@inline
function hashOf(start: i32, end: i32): u32 {
  let hash: u64 = 0x9e3779b97f4a7c15 ^ (<u64>seed << 32) ^ <u64>(end - start);
  let at = start;
  for (; at + 8 <= end; at += 8) {
    hash = (hash ^ load<u64>(at)) * 0xff51afd7ed558ccd;
    hash ^= hash >> 32;
  }
  for (; at < end; at++) hash = (hash ^ load<u8>(at)) * 0x100000001b3;
  hash ^= hash >> 29;
  return <u32>hash ^ <u32>(hash >> 32);
}

/**
 * Entry of the name [start, end), or 0 where it is not remembered; the results then hold what the host said. `spelled`: no other bytes
 * mean the same name.
 */
function find(start: i32, end: i32, spelled: bool): i32 {
  const length = end - start;
  if (length > 255 || !spelled) {
    if (readName(start, end) != respelled) return 0;
    const written = load<i32>(results, 24);
    return written > 0 && written <= 255 ? lookUp(spelling, spelling + written, true) : 0;
  }
  return lookUp(start, end, false);
}

/** The same for a name of at most 255 bytes, of which the host has been asked already (`asked`) or will be where it has to. */
function lookUp(start: i32, end: i32, asked: bool): i32 {
  const length = end - start;
  const hash = hashOf(start, end);
  let slot: i32 = hash & (slotCount - 1);
  for (let probe = 0; probe < maxProbes; probe++) {
    const at = slots + (slot << 2);
    const entry = load<i32>(at);
    if (entry == 0) {
      const said = asked ? i32(load<i32>(results, 20) >= 0) : readName(start, end);
      if (said != 1 || entryCount >= maxEntries || namesUsed + 288 > nameRoom) return 0;
      return remember(start, length, hash, at);
    }
    if (load<u32>(entry) == hash && load<i32>(entry, 4) == length && matches(entry, start)) return entry;
    slot = (slot + 1) & (slotCount - 1);
  }
  if (!asked) readName(start, end);
  return 0;
}

/** Quotes and backslashes are the only bytes of the name [start, end) that are written as escapes, each in the one short way. */
function isSpelledShort(start: i32, end: i32): bool {
  for (let at = start; at < end; at++) {
    if (load<u8>(at) != 92) continue;
    at++;
    const letter: i32 = load<u8>(at);
    if (letter != 34 && letter != 92) return false;
  }
  return true;
}

function remember(start: i32, length: i32, hash: u32, slot: i32): i32 {
  const entry = entries + entryCount * entryBytes;
  entryCount++;
  const name = names + namesUsed;
  namesUsed += (length + 16) & ~15;
  memory.copy(name, start, length);
  store<u8>(name + length, 34);
  store<u32>(entry, hash);
  store<i32>(entry, length, 4);
  store<i32>(entry, name, 8);
  store<u32>(entry, load<u32>(results, 12), 12);
  store<u32>(entry, load<u32>(results, 16), 16);
  store<u32>(entry, 0, 20);
  store<i32>(entry, 0, 24);
  store<u32>(entry, load<u32>(results, 28), 28);
  store<i32>(slot, entry);
  return entry;
}

// @ts-ignore: decorator
@inline
function skipSpace(from: i32, end: i32): i32 {
  let at = from;
  while (at < end) {
    const byte = load<u8>(at);
    if (byte > 32 || (byte != 32 && byte != 10 && byte != 13 && byte != 9)) break;
    at++;
  }
  return at;
}

/** A list with such a string may be a command line: true for all strings that make a list promising in src/scan/reference/arguments.ts. */
function isLikeWord(from: i32, end: i32): bool {
  if (from < end && load<u8>(from) == 45) return true;
  for (let at = from; at < end; at += 16) {
    const text = v128.load(at);
    let marks: u32 = i8x16.bitmask(v128.or(i8x16.eq(text, i8x16.splat(61)), i8x16.eq(text, i8x16.splat(32))));
    if (at + 16 > end) marks &= (1 << (end - at)) - 1;
    if (marks != 0) return true;
  }
  return false;
}

const slash = 47;

/** True wherever `encodedRun` (src/scan/reference/encoded-run.ts) finds something, and for some more: the scanner asks it again. */
function holdsEncoded(from: i32, end: i32): bool {
  let start = from;
  while (start + longString <= end) {
    let at = start + longString - 1;
    let behindSlash = 0;
    for (; at >= start && digitAt(at) != 255; at--) if (load<u8>(at) == slash) behindSlash = at + 1;
    if (at >= start) start = at + 1;
    else if (isPlausible(start)) return true;
    else if (behindSlash > 0) start = behindSlash;
    else {
      start += longString;
      while (start < end && digitAt(start) != 255 && load<u8>(start) != slash) start++;
      start++;
    }
  }
  return false;
}

// @ts-ignore: decorator
@inline
function digitAt(at: i32): u32 {
  return load<u8>(digits + load<u8>(at));
}

// @ts-ignore: decorator
@inline
function isText(byte: u32): bool {
  return load<u8>(digits + byte, 256) != 0;
}

function isPlausible(start: i32): bool {
  const bits = (digitAt(start) << 18) | (digitAt(start + 1) << 12) | (digitAt(start + 2) << 6) | digitAt(start + 3);
  if (canStartText(bits >> 16, (bits >> 8) & 255, bits & 255)) return true;
  for (let at = start; at < start + 6; at += 2) {
    if (!isHex(load<u8>(at)) || !isHex(load<u8>(at + 1))) return false;
    if (!isText((hexValue(load<u8>(at)) << 4) | hexValue(load<u8>(at + 1)))) return false;
  }
  return true;
}

// @ts-ignore: decorator
@inline
function hexValue(byte: u32): u32 {
  return byte < 58 ? byte - 48 : (byte | 32) - 87;
}

function canStartText(first: u32, second: u32, third: u32): bool {
  if (isText(first)) {
    if (isText(second)) return isText(third) || third >= 0xc2;
    return second == 0 ? isText(third) : second >= 0xc2;
  }
  if (first == 0x1f) return second == 0x8b && third == 8;
  if (first == 0) return isText(second) && third == 0;
  if (first >= 0xfe) return second >= 0xfe;
  return first >= 0xc2 && first <= 0xf4 && second >= 0x80 && second < 0xc0;
}

/** Tape entry: u32 of what (low byte), whether it was met before, and state (high half); classes, start, end. */
const isString = 0;
const isEscaped = 1;
const isObject = 6;
const isArray = 7;
const isClose = 8;
const isName = 9;
/** Strings that were met before: in place of their end, their length (low byte) and number. */
const isKnown = 10;
const isKnownEscaped = 11;
/** Added to strings that could be known and are not: met for the first time, or once more. */
const first = 256;
const again = 512;

let tapeAt: i32 = 0;
/** Where the last walk's triggers end. */
let firedEnd: i32 = 0;
let emitted: i32 = 0;

// @ts-ignore: decorator
@inline
function put(what: u32, state: u32, classes: u32, start: i32, end: i32): void {
  store<u32>(tapeAt, what | (state << 16));
  store<u32>(tapeAt, classes, 4);
  store<i32>(tapeAt, start, 8);
  store<i32>(tapeAt, end, 12);
  tapeAt += 16;
}

/** Where the fields of the document go, 0 where none are noted; u16 field, u16 type, start, end, and the slot of a known string or -1. */
let fields: i32 = 0;
let fieldsAt: i32 = 0;
let fieldsLimit: i32 = 0;
const fieldBytes = 16;

/** Notes a value under the fields that its state has. A slot says what the value is, so it goes to one of them alone. */
// @ts-ignore: decorator
@inline
function putFields(state: u32, what: u32, start: i32, end: i32, slot: i32): void {
  const list = <i32>load<u16>(fieldsOf + (state << 1));
  if (list != 0 && fields != 0) putList(fieldLists + (list << 1), what, start, end, slot);
}

function putList(list: i32, what: u32, start: i32, end: i32, slot: i32): void {
  const last = list + (<i32>load<u16>(list) << 1);
  for (let at = list + 2; at <= last; at += 2) {
    store<u32>(fieldsAt, <u32>load<u16>(at) | (what << 16));
    store<i32>(fieldsAt, start, 4);
    store<i32>(fieldsAt, end, 8);
    store<i32>(fieldsAt, at == list + 2 ? slot : -1, 12);
    fieldsAt += fieldBytes;
  }
}

/** The container whose frame this is ends before `end`. */
// @ts-ignore: decorator
@inline
function endFields(frame: i32, end: i32): void {
  let at = load<i32>(frame, 24);
  const start = load<i32>(frame, 8);
  if (at == 0) return;
  for (; at < fieldsAt && load<i32>(at, 4) == start; at += fieldBytes) store<i32>(at, end, 8);
}

/** Puts the containers around the current value on the tape that are not there yet. */
function putOpened(depth: i32): void {
  while (emitted < depth) {
    emitted++;
    const frame = stack + emitted * frameBytes;
    const bracket = load<u8>(frame, 20);
    put(bracket == 125 ? isObject : isArray, load<u32>(frame), 0, load<i32>(frame, 8), 0);
  }
}

function fail(reason: i32, at: i32): i32 {
  store<i32>(results, reason);
  store<i32>(results, at, 4);
  return failed;
}

let compared: i32 = 0;
let seenAt: i32 = 0;

/** Notes a name of the innermost object; true where it had it already. */
function repeats(identity: i32, frame: i32): bool {
  const from = load<i32>(frame, 12);
  for (let at = from; at < seenAt; at += 4) {
    if (load<i32>(at) == identity) {
      compared += (at - from) >> 2;
      return true;
    }
  }
  compared += (seenAt - from) >> 2;
  return false;
}

/**
 * Walks the document [start, end), whose value is in `state` and `base` containers deep. Writes where triggers fire in its plain
 * strings to `fired` (see `candidates`), the tape to `tape`, and returns how many entries, `giveUp` where tables are too small, or
 * `failed`; the results then say why and up to where. After `failed`, `tapeLength` entries are good. `level`: how many encodings the
 * document was taken out of, which strings are remembered with; below zero, none is known. `noted`: where the fields of the document
 * go, 0 for none; behind `notedEnd` those of one more value fit.
 */
export function walk(
  start: i32,
  end: i32,
  startState: u32,
  base: i32,
  fired: i32,
  firedLimit: i32,
  tape: i32,
  tapeEnd: i32,
  level: i32,
  noted: i32,
  notedEnd: i32,
): i32 {
  if (entryCount >= maxEntries || namesUsed + 288 > nameRoom || serial > 0xf0000000) forgetNames();
  store<i32>(results, 0);
  store<i32>(results, 0, 8);
  tapeAt = tape;
  // The most that one value puts on the tape: all containers around it, and itself.
  const tapeFull = tapeEnd - (maxDepth + 2) * 16;
  emitted = base;
  fields = noted;
  fieldsAt = noted;
  fieldsLimit = notedEnd;
  firedEnd = fired;
  compared = 0;
  seenAt = seen;
  let firedTo = fired;
  let depth = base;
  let at = start;
  let state = startState;
  let classes: u32 = 0;
  let frame = stack + base * frameBytes;

  while (true) {
    at = skipSpace(at, end);
    if (tapeAt > tapeFull || fieldsAt > fieldsLimit || compared > mostCompared) return giveUp;
    const byte: i32 = at < end ? load<u8>(at) : 0;
    const still: bool = classes == 0 && load<u8>(quiet + state) == 1;
    if (byte == 34) {
      const from = at + 1;
      let to = plainEnd(from, end);
      if (to < 0) return fail(notUtf8, at);
      const escaped = to < end && load<u8>(to) == 92;
      if (escaped) {
        to = escapedEnd(to, end);
        if (to < 0) return fail(to == -2 ? notUtf8 : notJson, at);
      } else if (to >= end || load<u8>(to) != 34) return fail(notJson, at);
      if (wordLists && emitted < depth && load<u8>(frame, 20) == 93 && isLikeWord(from, to)) putOpened(depth);
      const tag: u32 = state | (<u32>(load<u8>(frame, 20) == 93) << 16) | (<u32>level << 17) | (<u32>(classes != 0) << 30) | (<u32>still << 31);
      const canKnow = level >= 0 && depth > base && to > from && to - from <= longestKnown;
      const known: u32 = canKnow ? knownString(from, to, tag) : 0;
      putFields(state, <u32>escaped, from, to, known != 0 ? slotOfLast() : -1);
      if (known > nothingToDo) {
        putOpened(depth);
        put(escaped ? isKnownEscaped : isKnown, state, classes, from, (known << 8) | <u32>(to - from));
      } else if (known == 0) {
        const met: u32 = canKnow ? (metBefore() ? again : first) : 0;
        if (escaped) {
          putOpened(depth);
          put(isEscaped | met, state, classes, from, to);
        } else {
          const hits = candidates(from, to, firedTo, firedLimit);
          if (hits < 0) return giveUp;
          const opening = load<u8>(from);
          const plain =
            hits == firedTo &&
            opening != 123 && opening != 91 && opening != 60 && opening != 32 &&
            !everything &&
            (to - from < longString || (load<u8>(quiet + state) != 0 && !holdsEncoded(from, to)));
          const nothing: bool = still || (classes == 0 && load<u8>(quiet + state) == 3);
          if (!nothing || !plain) {
            putOpened(depth);
            put(isString | met, state, classes, from, to);
          }
          if (met == again && plain) {
            if (nothing) insert(from, to, tag, nothingToDo);
            else if (load<u8>(quiet + state) != 0) insert(from, to, tag, onlyItsPlace);
          }
          firedTo = hits;
          firedEnd = hits;
        }
      }
      at = to + 1;
    } else if (byte == 123 || byte == 91) {
      if (still && load<u8>(at + 1) == byte + 2 && at + 2 <= end && depth < maxDepth) {
        putFields(state, byte == 123 ? isObject : isArray, at, at + 2, -1);
        at += 2;
      } else {
        if (depth == maxDepth) return fail(tooDeep, at);
        depth++;
        frame += frameBytes;
        store<u32>(frame, state);
        store<u32>(frame, classes & scalarClasses, 4);
        store<i32>(frame, at, 8);
        store<i32>(frame, seenAt, 12);
        store<u8>(frame, byte + 2, 20);
        const noting = fieldsAt;
        putFields(state, byte == 123 ? isObject : isArray, at, at, -1);
        store<i32>(frame, fieldsAt > noting ? noting : 0, 24);
        if (!still) {
          putOpened(depth - 1);
          emitted = depth;
          put(byte == 123 ? isObject : isArray, state, classes, at, 0);
        }
        at = skipSpace(at + 1, end);
        const closes = at < end && load<u8>(at) == byte + 2;
        if (byte == 123) {
          serial++;
          store<u32>(frame, serial, 16);
          if (!closes) {
            // A name follows.
            at = readMember(at, end, frame);
            if (at < 0) return at;
            state = memberState;
            classes = memberClasses;
            if (memberEnd != 0) {
              putOpened(depth);
              put(isName, state, classes, memberStart, memberEnd);
            }
            continue;
          }
        } else if (!closes) {
          classes = load<u32>(frame, 4);
          continue;
        }
        // An empty one: closed below, where its bracket is read.
        depthClosed = true;
      }
    } else {
      const from = at;
      let what: u32 = 2;
      if (byte == 45 || <u32>(byte - 48) < 10) {
        at = numberEnd(from, end);
        if (at < 0) return fail(notJson, from);
      } else if (byte == 116 && from + 4 <= end && load<u32>(from) == 0x65757274) {
        what = 3;
        at += 4;
      } else if (byte == 102 && from + 5 <= end && load<u32>(from + 1) == 0x65736c61) {
        what = 4;
        at += 5;
      } else if (byte == 110 && from + 4 <= end && load<u32>(from) == 0x6c6c756e) {
        what = 5;
        at += 4;
      } else return fail(notJson, from);
      putFields(state, what, from, at, -1);
      if (!still) {
        putOpened(depth);
        put(what, state, classes, from, at);
      }
    }

    // After a value: the ends of containers, then a comma and what follows it.
    while (true) {
      if (!depthClosed) {
        if (depth == base) {
          at = skipSpace(at, end);
          if (at != end) return fail(notJson, at);
          return (tapeAt - tape) >> 4;
        }
        at = skipSpace(at, end);
      }
      depthClosed = false;
      const mark: i32 = at < end ? load<u8>(at) : 0;
      const bracket: i32 = load<u8>(frame, 20);
      if (mark == bracket) {
        at++;
        state = load<u32>(frame);
        endFields(frame, at);
        if (emitted == depth) {
          put(isClose, state, 0, 0, at);
          emitted--;
          if (tapeAt > tapeFull) return giveUp;
        }
        if (bracket == 125) seenAt = load<i32>(frame, 12);
        depth--;
        frame -= frameBytes;
        continue;
      }
      if (mark != 44) return fail(notJson, at);
      at++;
      if (bracket == 125) {
        at = skipSpace(at, end);
        at = readMember(at, end, frame);
        if (at < 0) return at;
        state = memberState;
        classes = memberClasses;
        if (memberEnd != 0) {
          putOpened(depth);
          put(isName, state, classes, memberStart, memberEnd);
        }
      } else {
        state = load<u32>(frame);
        classes = load<u32>(frame, 4);
      }
      break;
    }
  }
}

/** An empty container has just been opened: what comes next is its bracket, not what follows a value. */
let depthClosed: bool = false;
let memberState: u32 = 0;
let memberClasses: u32 = 0;
/** Where the name stands, if it is of interest; else 0. */
let memberStart: i32 = 0;
let memberEnd: i32 = 0;

/** Reads `"name":` at `at` and what it is to the automaton. Returns where the value may start, or `failed`, `giveUp`. */
function readMember(quote: i32, end: i32, frame: i32): i32 {
  if (quote >= end || load<u8>(quote) != 34) return fail(notJson, quote);
  const start = quote + 1;
  let entry = load<i32>(last, 24);
  let at: i32;
  let symbol: u32;
  let classes: u32;
  if (seenAt >= seenEnd) return giveUp;
  if (entry != 0 && matches(entry, start) && start + load<i32>(entry, 4) < end) {
    at = start + load<i32>(entry, 4);
  } else {
    at = plainEnd(start, end);
    if (at < 0) return fail(notUtf8, quote);
    if (at >= end) return fail(notJson, quote);
    const byte = load<u8>(at);
    entry = 0;
    if (byte == 34) entry = find(start, at, true);
    else if (byte == 92) {
      at = escapedEnd(at, end);
      if (at < 0) return fail(at == -2 ? notUtf8 : notJson, quote);
      entry = find(start, at, isSpelledShort(start, at));
    } else return fail(notJson, quote);
    if (entry != 0) store<i32>(last, entry, 24);
  }
  const mine = load<u32>(frame, 16);
  memberStart = start;
  if (entry != 0) {
    memberEnd = load<u32>(entry, 28) != 0 ? at : 0;
    last = entry;
    symbol = load<u32>(entry, 12);
    classes = load<u32>(entry, 16);
    const stamp = load<u32>(entry, 20);
    if (stamp == mine || (stamp > mine && repeats(entry, frame))) store<i32>(results, 1, 8);
    store<u32>(entry, mine, 20);
    store<i32>(seenAt, entry);
  } else {
    memberEnd = load<u32>(results, 28) != 0 ? at : 0;
    symbol = load<u32>(results, 12);
    classes = load<u32>(results, 16);
    const identity = load<i32>(results, 20) | 0x80000000;
    if (repeats(identity, frame)) store<i32>(results, 1, 8);
    store<i32>(seenAt, identity);
  }
  seenAt += 4;
  const from = load<u32>(frame);
  memberState = load<u16>(transitions + ((<i32>load<u16>(rowsOf + (from << 1)) * symbols + symbol) << 1));
  memberClasses = classes & load<u32>(nameBits + (from << 2));
  at = skipSpace(at + 1, end);
  if (at >= end || load<u8>(at) != 58) return fail(notJson, at);
  return at + 1;
}

/** Where the triggers of the last walk end. */
export function candidatesEnd(): i32 {
  return firedEnd;
}

/** Where the noted fields end now. */
export function fieldsEnd(): i32 {
  return fieldsAt;
}

/** Where the tape ends now: after `failed`, the entries before it are what was read until then. */
export function tapeEnd(): i32 {
  return tapeAt;
}
