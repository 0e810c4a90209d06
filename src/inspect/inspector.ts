import type { Matcher } from '../core/extracts.ts';
import { recordFlags, recordTypes, stateKeyFlags } from '../core/record.ts';
import type { RecordHead } from '../core/record-head.ts';
import { type Inspector, type MaskedTile, stubReasons, type Tile } from '../core/tile.ts';
import { headFields, maskActions, type Plan } from '../scan/plan.ts';
import type { Scanner, ScanResult } from '../scan/scanner.ts';
import { EventHead } from './event-head.ts';
import type { RecordDictionaries } from './record-dictionaries.ts';
import { StubWriter } from './stub-writer.ts';
import { TilePool } from './tile-pool.ts';
import { type MaskCounts, MatchColumns, splice, splicedBytes, TileWriter } from './tile-writer.ts';

/** A keyed 128-bit hash of bytes, written to `out` at `at`. */
export interface KeyedHash {
  digestInto(bytes: Uint8Array, start: number, end: number, out: Uint8Array, at: number): void;
}

export interface InspectorParts {
  readonly plan: Plan;
  readonly scanner: Scanner;
  readonly matcher: Matcher;
  readonly dictionaries: RecordDictionaries;
  /** Content digests of events. */
  readonly digest: KeyedHash;
  /** Called with what a tile holds before its events are looked at: lets a kernel take it in whole. */
  readonly beginTile?: (bytes: Uint8Array, start: number, end: number) => void;
  /** Groups and values of correlations: a key of their own, so that windows outlive a change of pseudonyms. */
  readonly stateHash: KeyedHash;
}

/** Every event of these bytes is the same in the audit log and in a webhook body but for this pair at its start. */
const leadingPair = Buffer.from('{"kind":"Event","apiVersion":"audit.k8s.io/v1",');
const reasonOf = (name: (typeof stubReasons)[number]): number => stubReasons.indexOf(name);

/** The composed hot path: scan, match the raw event, mask, frame as records. */
export class EventInspector implements Inspector {
  readonly #parts: InspectorParts;
  readonly #head: EventHead;
  readonly #matches = new MatchColumns();
  readonly #stubs = new StubWriter();
  readonly #pool = new TilePool();
  readonly #digest = new Uint8Array(16);
  readonly #maskKinds: Uint16Array;
  readonly #maskNumbers: Uint16Array;
  readonly #maskTotals: Uint32Array;
  readonly #masks: { length: number; kinds: Uint16Array; actions: Uint16Array; counts: Uint32Array };
  #masked = 0;

  constructor(parts: InspectorParts) {
    this.#parts = parts;
    const { plan } = parts;
    this.#head = new EventHead(plan.fields.length - headFields.length);
    this.#maskKinds = Uint16Array.from(
      plan.maskRules,
      (rule) => rule.kind * maskActions.length + maskActions.indexOf(rule.action),
    );
    this.#maskNumbers = new Uint16Array(plan.maskRules.length);
    const combinations = plan.kinds.length * maskActions.length;
    this.#maskTotals = new Uint32Array(combinations);
    this.#masks = {
      length: 0,
      kinds: new Uint16Array(combinations),
      actions: new Uint16Array(combinations),
      counts: new Uint32Array(combinations),
    };
  }

  inspect(tile: Tile): MaskedTile {
    const last = tile.count - 1;
    const rawBytes = last < 0 ? 0 : (tile.ends[last] as number) - (tile.starts[0] as number);
    if (last >= 0) this.#parts.beginTile?.(tile.bytes, tile.starts[0] as number, tile.ends[last] as number);
    const writer = new TileWriter(tile.count, rawBytes, this.#pool);
    const { context, entries } = this.#parts.dictionaries.of(tile.context);
    for (let i = 0; i < tile.count; i++) this.#event(tile, i, writer, context);
    return writer.finish(entries);
  }

  recycle(tile: Pick<MaskedTile, 'bytes'>): void {
    this.#pool.give(tile);
  }

  #event(tile: Tile, i: number, writer: TileWriter, context: Uint8Array): void {
    const [start, end] = [tile.starts[i] as number, tile.ends[i] as number];
    this.#matches.begin();
    this.#masks.length = 0;
    this.#masked = 0;
    this.#digestOf(tile.bytes, start, end);
    let reason = tile.reasons[i] as number;
    let result: ScanResult | undefined;
    if (reason === 0) {
      result = this.#scan(tile.bytes, start, end, tile.receivedAtUs);
      reason = result ? result.fault : reasonOf('mask-failed');
    } else this.#head.readNothing(tile.receivedAtUs);
    if (reason === 0 && result) this.#masksOf(result.counts);
    const head = this.#recordHead(tile, i, reason, context, result);
    if (reason !== 0 || !result) this.#stub(writer, head, tile, start, end, reason);
    else {
      const found = result;
      const bound = splicedBytes(found, end - start);
      writer.write(head, this.#matches, this.#masks, this.#masked, bound, (to, at) =>
        splice(tile.bytes, start, end, found.edits, to, at),
      );
    }
  }

  /** Undefined where anything threw: then nothing of the event is written but a stub. */
  #scan(bytes: Uint8Array, start: number, end: number, receivedAtUs: number): ScanResult | undefined {
    try {
      const result = this.#parts.scanner.scan(bytes, start, end);
      this.#head.read(result.extracts, receivedAtUs);
      this.#found = result;
      this.#parts.matcher.match(result.extracts, this.#matchSink);
      return result;
    } catch {
      this.#head.readNothing(receivedAtUs);
      return undefined;
    }
  }

  /** What the event was scanned to, while its rules are matched. */
  #found: ScanResult | undefined;

  /** Something of the value that an entry of the extracts stands for is replaced, or nobody can say. */
  #isMasked(entry: number): boolean {
    if (this.#found?.fault !== 0) return true;
    const { extracts, edits } = this.#found;
    const [start, end] = [extracts.starts[entry] as number, extracts.ends[entry] as number];
    for (let i = 0; i < edits.count; i++) if ((edits.starts[i] as number) < end && (edits.ends[i] as number) > start) return true;
    return false;
  }

  readonly #matchSink = {
    rule: (rule: number): void => this.#matches.addRule(rule),
    stateKey: (correlation: number, group: Uint8Array, value: Uint8Array | number | undefined, entry?: number): void => {
      if (entry !== undefined && this.#isMasked(entry)) return;
      const flags =
        value === undefined ? 0 : typeof value === 'number' ? stateKeyFlags.value | stateKeyFlags.number : stateKeyFlags.value;
      const at = this.#matches.addKey(correlation, flags);
      const { keys } = this.#matches;
      this.#parts.stateHash.digestInto(group, 0, group.length, keys, at);
      if (typeof value === 'number') new DataView(keys.buffer).setFloat64(at + 16, value, true);
      else if (value !== undefined) this.#parts.stateHash.digestInto(value, 0, value.length, keys, at + 16);
    },
  };

  #digestOf(bytes: Uint8Array, start: number, end: number): void {
    let same = 0;
    while (same < leadingPair.length && start + same < end && bytes[start + same] === leadingPair[same]) same++;
    const from = same === leadingPair.length ? start + same : same > 0 ? start + 1 : start;
    this.#parts.digest.digestInto(bytes, from, end, this.#digest, 0);
  }

  #recordHead(tile: Tile, i: number, reason: number, context: Uint8Array, result: ScanResult | undefined): RecordHead {
    let { flags } = this.#head;
    if (reason !== 0) flags |= recordFlags.stub;
    if (result?.repeatedKeys) flags |= recordFlags.duplicateKeys;
    if (result?.forgedMask) flags |= recordFlags.forgedMask;
    if (tile.derived) flags |= recordFlags.derived;
    return {
      type: recordTypes.event,
      flags,
      digest: this.#digest,
      digestAt: 0,
      context,
      receivedAtUs: tile.receivedAtUs,
      eventTimeUs: this.#head.eventTimeUs,
      eventTimeFrom: this.#head.eventTimeFrom,
      offset: tile.offsets[i] as number,
      item: tile.items[i] as number,
      covers: tile.covers[i] as number,
      matchCount: this.#matches.ruleCount,
      maskCount: this.#masks.length,
      stateKeyCount: this.#matches.keyCount,
      stubReason: reason,
    };
  }

  #stub(writer: TileWriter, head: RecordHead, tile: Tile, start: number, end: number, reason: number): void {
    const text = this.#stubs.write({
      reason: stubReasons[reason] as string,
      bytes: tile.bytes,
      auditIdStart: this.#head.auditIdStart,
      auditIdEnd: this.#head.auditIdEnd,
      size: end > start ? end - start : head.covers,
      digest: this.#digest,
    });
    writer.write(head, this.#matches, noMasks, 0, text.length, (to, at) => {
      to.set(text, at);
      return at + text.length;
    });
  }

  /** Adds up by kind and action. */
  #masksOf(counts: Uint32Array): void {
    const [numbers, totals, masks] = [this.#maskNumbers, this.#maskTotals, this.#masks];
    let used = 0;
    for (let rule = 0; rule < counts.length; rule++) {
      const count = counts[rule] as number;
      if (count === 0) continue;
      const combination = this.#maskKinds[rule] as number;
      if (totals[combination] === 0) numbers[used++] = combination;
      totals[combination] = (totals[combination] as number) + count;
      this.#masked += count;
    }
    for (let k = 0; k < used; k++) {
      const combination = numbers[k] as number;
      masks.kinds[k] = Math.floor(combination / maskActions.length);
      masks.actions[k] = combination % maskActions.length;
      masks.counts[k] = totals[combination] as number;
      totals[combination] = 0;
    }
    masks.length = used;
  }
}

const noMasks: MaskCounts = { length: 0, kinds: [], actions: [], counts: [] };
