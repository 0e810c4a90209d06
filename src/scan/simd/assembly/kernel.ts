// AssemblyScript. Kernels over raw bytes in linear memory; src/scan/simd/kernel.ts lays the memory out and calls them.
// Nothing here knows a kind: tables come from the plan.

/** Line starts: writes the offset of every line feed in [start, end) to `out` (u32 each) and returns their number. */
export function newlines(start: i32, end: i32, out: i32): i32 {
  let to = out;
  let at = start;
  const feed = i8x16.splat(10);
  for (; at + 16 <= end; at += 16) {
    let mask = i8x16.bitmask(i8x16.eq(v128.load(at), feed));
    while (mask != 0) {
      store<u32>(to, at + ctz(mask) - start);
      to += 4;
      mask &= mask - 1;
    }
  }
  for (; at < end; at++) {
    if (load<u8>(at) == 10) {
      store<u32>(to, at - start);
      to += 4;
    }
  }
  return (to - out) >> 2;
}

/**
 * Trigger tables. `bits` (65,536 bits) says whether a pair of bytes has a bucket, `pairs` (65,536 u16) which one, `rowsOf` (five u16 a
 * bucket) which of `rows` (256 bytes each) say what may stand right before the pair and at the four places after it: a bit for each
 * trigger of the bucket, in turn. `buckets` (u32 each) says where the bucket's triggers are described. The index of a pair has the
 * byte before as its low half.
 *
 * A bucket is a u32 count, then per trigger: u16 number, u8 bytes from the pair's second byte back to its start, u8 steps, u16 bytes it
 * takes at least after the pair, u16 of nothing, then per step: u16 class, u8 least, u8 most bytes of that class. `classes` holds 256 bytes a class, 1 for members.
 */
let bits: i32 = 0;
let pairs: i32 = 0;
let rowsOf: i32 = 0;
let rows: i32 = 0;
let buckets: i32 = 0;
let classes: i32 = 0;
let looked: i32 = 0;
/** By class: from where to where the run of it goes that was looked at last, and in which text. */
let runs: i32 = 0;
/** Number of the text that is looked through. */
let text: u32 = 0;

export function triggerTables(
  bitsAt: i32,
  pairsAt: i32,
  rowsOfAt: i32,
  rowsAt: i32,
  bucketsAt: i32,
  classesAt: i32,
  lookedAt: i32,
  runsAt: i32,
): void {
  bits = bitsAt;
  pairs = pairsAt;
  rowsOf = rowsOfAt;
  rows = rowsAt;
  buckets = bucketsAt;
  classes = classesAt;
  looked = lookedAt;
  runs = runsAt;
}

/** Places looked at in one round. */
const stretch = 4096;

/**
 * Where triggers fire in the text [start, end): writes position (of the second byte of the pair) and trigger, two u32, of
 * every one that fits to `out`, up to `limit`; returns where they end, or -1 where there are more. The bytes around the text are
 * read, but mean nothing.
 */
export function candidates(start: i32, end: i32, out: i32, limit: i32): i32 {
  text++;
  let to = out;
  for (let from = start; from < end && to >= 0; from += stretch) to = inStretch(from, min(from + stretch, end), start, end, to, limit);
  return to;
}

/**
 * One round: places where a pair stands, then those of them with the right bytes around it, then the triggers that are left. The first
 * two write every place and keep it or not, as a branch is mispredicted a third of the time.
 */
function inStretch(from: i32, until: i32, start: i32, end: i32, out: i32, limit: i32): i32 {
  const pairsSeen = looked;
  let seen = pairsSeen;
  for (let at = from; at < until; at++) {
    const pair: u32 = load<u16>(at - 1);
    store<i32>(seen, at);
    seen += <i32>((<u32>load<u8>(bits + (pair >> 3)) >> (pair & 7)) & 1) << 2;
  }
  const kept = looked + stretch * 4 + 16;
  let keptEnd = kept;
  for (let place = pairsSeen; place < seen; place += 4) {
    const at = load<i32>(place);
    const bucket: u32 = load<u16>(pairs + (<u32>load<u16>(at - 1) << 1));
    const own = rowsOf + bucket * 10;
    const fitting: u32 =
      <u32>load<u8>(rows + (<u32>load<u16>(own) << 8) + <u32>load<u8>(at - 2)) &
      <u32>load<u8>(rows + (<u32>load<u16>(own, 2) << 8) + <u32>load<u8>(at, 1)) &
      <u32>load<u8>(rows + (<u32>load<u16>(own, 4) << 8) + <u32>load<u8>(at, 2)) &
      <u32>load<u8>(rows + (<u32>load<u16>(own, 6) << 8) + <u32>load<u8>(at, 3)) &
      <u32>load<u8>(rows + (<u32>load<u16>(own, 8) << 8) + <u32>load<u8>(at, 4));
    store<i32>(keptEnd, at);
    store<u32>(keptEnd, (bucket << 8) | fitting, 4);
    keptEnd += <i32>(fitting != 0) << 3;
  }
  let to = out;
  for (let place = kept; place < keptEnd; place += 8) {
    const at = load<i32>(place);
    const what = load<u32>(place, 4);
    let trigger = load<u32>(buckets + ((what >> 8) << 2));
    const count: u32 = load<u32>(trigger);
    trigger += 4;
    for (let i: u32 = 0; i < count; i++) {
      const steps: i32 = load<u8>(trigger, 3);
      if ((what >> (i & 7)) & 1 && at + <i32>load<u16>(trigger, 4) < end) {
        const first: i32 = at - <i32>load<u8>(trigger, 2);
        if (first >= start && fits(first, at, end, trigger + 8, steps)) {
          if (to >= limit) return -1;
          store<u32>(to, at);
          store<u32>(to, load<u16>(trigger), 4);
          to += 8;
        }
      }
      trigger += 8 + (steps << 2);
    }
  }
  return to;
}

/** Steps before the pair are single bytes: what follows the pair decides sooner, so it is looked at first. */
function fits(from: i32, pair: i32, end: i32, steps: i32, count: i32): bool {
  const before = max(pair - from - 1, 0);
  let at = from + before;
  for (let step = steps + (before << 2); step < steps + (count << 2); step += 4) {
    const number: i32 = load<u16>(step);
    const most: i32 = load<u8>(step, 3);
    const members = classes + (number << 8);
    let to = at;
    if (most >= longStep) to = min(runEnd(number, members, at, end), at + most);
    else for (const limit = min(at + most, end); to < limit && load<u8>(members + load<u8>(to)); to++) {}
    if (to - at < <i32>load<u8>(step, 2)) return false;
    at = to;
  }
  for (let i = before - 1; i >= 0; i--) {
    if (load<u8>(classes + (<i32>load<u16>(steps + (i << 2)) << 8) + load<u8>(from + i)) == 0) return false;
  }
  return true;
}

/** Steps of so many bytes are often tried at one place after the other of the same run. */
const longStep = 12;

/** Where the bytes of a class end that begin at `at`. Looks at each byte of a text once for each class. */
function runEnd(number: i32, members: i32, at: i32, end: i32): i32 {
  const known = runs + (number << 4);
  if (load<u32>(known, 8) == text && at >= load<i32>(known) && at <= load<i32>(known, 4)) return load<i32>(known, 4);
  let to = at;
  while (to < end && load<u8>(members + load<u8>(to))) to++;
  store<i32>(known, at);
  store<i32>(known, to, 4);
  store<u32>(known, text, 8);
  return to;
}

let v0: u64 = 0;
let v1: u64 = 0;
let v2: u64 = 0;
let v3: u64 = 0;

/** SipHash-2-4 with 128-bit output over [start, end), key halves as two u64 at `key`; writes 16 bytes to `out`. */
export function sipHash(key: i32, start: i32, end: i32, out: i32): void {
  const k0 = load<u64>(key);
  const k1 = load<u64>(key, 8);
  v0 = k0 ^ 0x736f6d6570736575;
  v1 = k1 ^ 0x646f72616e646f6d ^ 0xee;
  v2 = k0 ^ 0x6c7967656e657261;
  v3 = k1 ^ 0x7465646279746573;
  const length = end - start;
  const whole = start + (length & ~7);
  absorb(start, whole);
  let tail: u64 = (<u64>(length & 0xff)) << 56;
  for (let at = whole; at < end; at++) tail |= (<u64>load<u8>(at)) << ((at - whole) << 3);
  v3 ^= tail;
  rounds(2);
  v0 ^= tail;
  v2 ^= 0xee;
  rounds(4);
  store<u64>(out, v0 ^ v1 ^ v2 ^ v3);
  v1 ^= 0xdd;
  rounds(4);
  store<u64>(out, v0 ^ v1 ^ v2 ^ v3, 8);
}

function absorb(start: i32, end: i32): void {
  let a = v0;
  let b = v1;
  let c = v2;
  let d = v3;
  for (let at = start; at < end; at += 8) {
    const word = load<u64>(at);
    d ^= word;
    a += b; b = rotl(b, 13); b ^= a; a = rotl(a, 32);
    c += d; d = rotl(d, 16); d ^= c;
    a += d; d = rotl(d, 21); d ^= a;
    c += b; b = rotl(b, 17); b ^= c; c = rotl(c, 32);
    a += b; b = rotl(b, 13); b ^= a; a = rotl(a, 32);
    c += d; d = rotl(d, 16); d ^= c;
    a += d; d = rotl(d, 21); d ^= a;
    c += b; b = rotl(b, 17); b ^= c; c = rotl(c, 32);
    a ^= word;
  }
  v0 = a;
  v1 = b;
  v2 = c;
  v3 = d;
}

function rounds(count: i32): void {
  for (let i = 0; i < count; i++) {
    v0 += v1; v1 = rotl(v1, 13); v1 ^= v0; v0 = rotl(v0, 32);
    v2 += v3; v3 = rotl(v3, 16); v3 ^= v2;
    v0 += v3; v3 = rotl(v3, 21); v3 ^= v0;
    v2 += v1; v1 = rotl(v1, 17); v1 ^= v2; v2 = rotl(v2, 32);
  }
}
