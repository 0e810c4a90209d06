// AssemblyScript. Remembers short strings by their bytes and what the scanner's state was: most strings of a cluster's events have
// been met before. What a string gives rise to is the host's business; here it is a number.

/** Slot: u32 hash, u32 tag, place of the bytes, number and length (low byte). A slot whose last word is 0 is free. */
const slotBytes = 16;
const slotCount = 32768;
const mostEntries = 16384;
const mostProbes = 24;
/** Bytes of all strings that are remembered, each with what rounds it up to 16. */
const room = 1048576;
/** Strings met once, by 8 bits of their hash. */
const metOnce = 65536;

/** Numbers that mean the same to everyone. */
export const nothingToDo: u32 = 1;
export const onlyItsPlace: u32 = 2;
/** Longer strings are not remembered here. */
export const longestKnown = 255;

let slots: i32 = 0;
let kept: i32 = 0;
let met: i32 = 0;
let seed: u32 = 0;
let entries: i32 = 0;
let used: i32 = 0;
/** Of the string that was looked for last. */
let hash: u32 = 0;
let found: i32 = 0;

export function stringTables(slotsAt: i32, keptAt: i32, metAt: i32, seedOfHash: u32): void {
  slots = slotsAt;
  kept = keptAt;
  met = metAt;
  seed = seedOfHash;
  forgetStrings();
}

/** Forgets all strings, but not that they have been met. */
export function forgetStrings(): void {
  for (let at = slots; at < slots + slotCount * slotBytes; at += slotBytes) {
    const mixed = load<u32>(at);
    if (load<u32>(at, 12) != 0) store<u8>(met + <i32>(mixed & (metOnce - 1)), markOf(mixed));
  }
  memory.fill(slots, 0, slotCount * slotBytes);
  entries = 0;
  used = 0;
}

/** There is no room for another string. */
export function stringsFull(): bool {
  return entries >= mostEntries || used + longestKnown + 1 > room;
}

// @ts-ignore: decorator
@inline
function hashOf(start: i32, end: i32, tag: u32): u32 {
  let mixed: u64 = (0x9e3779b97f4a7c15 ^ (<u64>seed << 32) ^ (<u64>(end - start) << 24) ^ <u64>tag) * 0xff51afd7ed558ccd;
  let at = start;
  for (; at + 8 <= end; at += 8) {
    mixed = (mixed ^ load<u64>(at)) * 0xff51afd7ed558ccd;
    mixed ^= mixed >> 32;
  }
  const left = end - at;
  if (left > 0) mixed = (mixed ^ (load<u64>(at) & ((<u64>1 << (<u64>left << 3)) - 1))) * 0xff51afd7ed558ccd;
  mixed ^= mixed >> 29;
  return <u32>mixed ^ <u32>(mixed >> 32);
}

/** Whether the same bytes stand at two places. Reads up to 15 bytes beyond them. */
// @ts-ignore: decorator
@inline
export function isSame(at: i32, place: i32, length: i32): bool {
  for (let i = 0; i < length; i += 16) {
    let same: u32 = i8x16.bitmask(i8x16.eq(v128.load(at + i), v128.load(place + i)));
    const left = length - i;
    if (left < 16) same |= 0xffffffff << left;
    if ((same & 0xffff) != 0xffff) return false;
  }
  return true;
}

/** The number of a string of at most `longestKnown` bytes under this tag; 0 where it is not remembered. */
export function knownString(start: i32, end: i32, tag: u32): u32 {
  hash = hashOf(start, end, tag);
  const length = end - start;
  let slot: i32 = hash & (slotCount - 1);
  for (let probe = 0; probe < mostProbes; probe++) {
    const at = slots + slot * slotBytes;
    const last = load<u32>(at, 12);
    if (last == 0) return 0;
    if (load<u32>(at) == hash && load<u32>(at, 4) == tag && <i32>(last & 255) == length && isSame(start, load<i32>(at, 8), length)) {
      found = slot;
      return last >> 8;
    }
    slot = (slot + 1) & (slotCount - 1);
  }
  return 0;
}

/** The number of the slot of the string that was looked for last, and found. Another string has it once all are forgotten. */
export function slotOfLast(): i32 {
  return found;
}

/** Whether the string that was looked for last, and not found, has been looked for before: most are never met again. */
export function metBefore(): bool {
  const at = met + <i32>(hash & (metOnce - 1));
  const mark = markOf(hash);
  if (load<u8>(at) == mark) return true;
  store<u8>(at, mark);
  return false;
}

// @ts-ignore: decorator
@inline
function markOf(hash: u32): u8 {
  return <u8>(hash >> 24) | 1;
}

/** Remembers a string under this tag, unless it is or there is no room. */
export function remember(start: i32, end: i32, tag: u32, number: u32): void {
  if (knownString(start, end, tag) == 0) insert(start, end, tag, number);
}

/** Remembers the string that was looked for last, and not found. */
export function insert(start: i32, end: i32, tag: u32, number: u32): void {
  if (stringsFull()) return;
  let slot: i32 = hash & (slotCount - 1);
  for (let probe = 0; probe < mostProbes; probe++) {
    const at = slots + slot * slotBytes;
    if (load<u32>(at, 12) == 0) {
      const length = end - start;
      const place = kept + used;
      memory.copy(place, start, length);
      used += (length + 15) & ~15;
      entries++;
      store<u32>(at, hash);
      store<u32>(at, tag, 4);
      store<i32>(at, place, 8);
      store<u32>(at, (number << 8) | <u32>length, 12);
      return;
    }
    slot = (slot + 1) & (slotCount - 1);
  }
}
