import { recordFlags, recordLayout } from '../core/record.ts';
import { matchBytes } from '../core/record-head.ts';
import { type MaskedTile, type StubReason, stubReasons } from '../core/tile.ts';

/**
 * Running totals over masked tiles, read from the records' heads: a few additions a record. Kinds and actions are
 * numbers of the plan until somebody asks.
 */
export class Tally {
  readonly #kinds: readonly string[];
  readonly #actions: readonly string[];
  readonly #masks: Float64Array;
  readonly #stubs = new Float64Array(stubReasons.length);
  #events = 0;
  #matches = 0;

  constructor(kinds: readonly string[], actions: readonly string[]) {
    this.#kinds = kinds;
    this.#actions = actions;
    this.#masks = new Float64Array(kinds.length * actions.length);
  }

  get events(): number {
    return this.#events;
  }

  /** Rule matches, those that only feed correlations included. */
  get matches(): number {
    return this.#matches;
  }

  get stubs(): number {
    return this.#stubs.reduce((sum, count) => sum + count, 0);
  }

  get maskedValues(): number {
    return this.#masks.reduce((sum, count) => sum + count, 0);
  }

  add(tile: MaskedTile): void {
    const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
    this.#events += tile.count;
    for (let i = 0; i < tile.count; i++) {
      const at = tile.offsets[i] ?? 0;
      this.#matches += tile.matches[i] ?? 0;
      if (((tile.flags[i] ?? 0) & recordFlags.stub) !== 0) {
        const reason = view.getUint8(at + recordLayout.stubReason);
        this.#stubs[reason] = (this.#stubs[reason] ?? 0) + 1;
      }
      if ((tile.masked[i] ?? 0) > 0) this.#addMasks(view, at);
    }
  }

  /** Stubs by reason; only reasons that occurred. */
  stubsByReason(): ReadonlyMap<StubReason, number> {
    const found = new Map<StubReason, number>();
    this.#stubs.forEach((count, reason) => {
      if (count > 0) found.set(stubReasons[reason] ?? 'none', count);
    });
    return found;
  }

  /** Masked values by kind and action; only pairs that occurred, most first. */
  masks(): readonly { readonly kind: string; readonly action: string; readonly count: number }[] {
    const found: { kind: string; action: string; count: number }[] = [];
    this.#masks.forEach((count, at) => {
      const kind = this.#kinds[Math.floor(at / this.#actions.length)] ?? '';
      if (count > 0) found.push({ kind, action: this.#actions[at % this.#actions.length] ?? '', count });
    });
    return found.sort((a, b) => b.count - a.count);
  }

  #addMasks(view: DataView, at: number): void {
    const count = view.getUint16(at + recordLayout.maskCount, true);
    let entry = at + recordLayout.fixedBytes + matchBytes(view.getUint16(at + recordLayout.matchCount, true));
    for (let i = 0; i < count; i++, entry += 8) {
      const pair = view.getUint16(entry, true) * this.#actions.length + view.getUint16(entry + 2, true);
      if (pair < this.#masks.length) this.#masks[pair] = (this.#masks[pair] ?? 0) + view.getUint32(entry + 4, true);
    }
  }
}
