import type { Inspector, MaskedTile, Tile } from '../core/tile.ts';
import type { KeyRing } from '../crypto/key-ring.ts';

export interface EpochInspectorOptions {
  readonly keyRing: KeyRing;
  readonly nowMs: number;
  readonly make: (keyRing: KeyRing) => Inspector;
}

/**
 * An inspector that goes over to the next key epoch when its time has come: between two tiles, by the time the tile was
 * received. A new one is made for each epoch, so nothing of the old one's pseudonyms is left in caches.
 */
export class EpochInspector implements Inspector {
  readonly #make: EpochInspectorOptions['make'];
  /** Told when another epoch has taken over. */
  changed: (keyId: string) => void = () => undefined;
  #ring: KeyRing;
  #inspector: Inspector;
  #nextMs: number;

  constructor(options: EpochInspectorOptions) {
    this.#make = options.make;
    this.#ring = options.keyRing.at(options.nowMs);
    this.#inspector = options.make(this.#ring);
    this.#nextMs = this.#ring.nextChangeMs(options.nowMs) ?? Number.POSITIVE_INFINITY;
  }

  /** Id of the epoch in use. */
  get keyId(): string {
    return this.#ring.keyId;
  }

  inspect(tile: Tile): MaskedTile {
    const nowMs = tile.receivedAtUs / 1000;
    if (nowMs >= this.#nextMs) this.#goOver(this.#ring, nowMs);
    return this.#inspector.inspect(tile);
  }

  recycle(tile: MaskedTile): void {
    this.#inspector.recycle?.(tile);
  }

  /** Takes over a later state of the same keys. */
  use(keyRing: KeyRing, nowMs: number): void {
    this.#goOver(keyRing, nowMs);
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
