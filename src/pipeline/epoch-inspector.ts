import type { MaskedTile, Tile, TileInspector } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';

export interface EpochInspectorOptions<I extends TileInspector> {
  readonly keyRing: KeyRing;
  readonly nowMs: number;
  readonly make: (keyRing: KeyRing) => I;
}

/**
 * An inspector that goes over to the next key epoch when its time has come: between two tiles, by the time the tile was
 * received. A new one is made for each epoch, so nothing of the old one's pseudonyms is left in caches.
 */
export class EpochInspector<I extends TileInspector> implements TileInspector {
  readonly #make: EpochInspectorOptions<I>['make'];
  /** Told when another epoch has taken over. */
  changed: (keyId: string) => void = () => undefined;
  #ring: KeyRing;
  #inspector: I;
  #nextMs: number;

  constructor(options: EpochInspectorOptions<I>) {
    this.#make = options.make;
    this.#ring = options.keyRing.at(options.nowMs);
    this.#inspector = options.make(this.#ring);
    this.#nextMs = this.#ring.nextChangeMs(options.nowMs) ?? Number.POSITIVE_INFINITY;
  }

  /** Id of the epoch in use. */
  get keyId(): string {
    return this.#ring.keyId;
  }

  inspect(tile: Tile): ReturnType<I['inspect']> {
    return this.#at(tile).inspect(tile) as ReturnType<I['inspect']>;
  }

  recycle(tile: MaskedTile): void {
    this.#inspector.recycle?.(tile);
  }

  lanes(): readonly TileInspector[] {
    const lanes = this.#inspector.lanes?.() ?? [this.#inspector];
    return lanes.map((_, i) => ({
      inspect: (tile) => {
        const now = this.#at(tile);
        return (now.lanes?.()[i] ?? now).inspect(tile);
      },
      recycle: (tile: MaskedTile) => this.recycle(tile),
    }));
  }

  /** Takes over a later state of the same keys. */
  use(keyRing: KeyRing, nowMs: number): void {
    this.#goOver(keyRing, nowMs);
  }

  #at(tile: Tile): I {
    const nowMs = tile.receivedAtUs / 1000;
    if (nowMs >= this.#nextMs) this.#goOver(this.#ring, nowMs);
    return this.#inspector;
  }

  #goOver(keyRing: KeyRing, nowMs: number): void {
    const before = this.#ring;
    this.#ring = keyRing.at(nowMs);
    this.#nextMs = this.#ring.nextChangeMs(nowMs) ?? Number.POSITIVE_INFINITY;
    if (this.#ring.keyId === before.keyId) return;
    this.#inspector = this.#make(this.#ring);
    this.changed(this.#ring.keyId);
  }
}
