import type { Delivery, Outcome, Source } from '../../src/core/delivery.ts';
import type { Tile } from '../../src/core/tile.ts';
import { formatKeyFile, type KeyRing, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { tileOf } from '../../src/sources/frames/tile-builder.ts';

/** A key ring of a fixed key, so that runs can be compared. */
export function fixedKeyRing(): KeyRing {
  return parseKeyFile(formatKeyFile(new Uint8Array(32).fill(7), '2026-01-01T00:00:00Z', 'tests'), 'keys.json');
}

export function tileOfTexts(texts: readonly string[], receivedAtUs = Date.now() * 1000): Tile {
  let offset = 0;
  const events = texts.map((text) => {
    const bytes = Buffer.from(text);
    const event = { bytes, offset, item: 0, covers: bytes.length + 1 };
    offset += bytes.length + 1;
    return event;
  });
  const [tile] = tileOf(events, { cluster: 'c', source: 's', stream: 'f' }, receivedAtUs, false);
  if (!tile) throw new Error('no events');
  return tile;
}

/** Hands over tiles one after the other and remembers how they were settled. */
export class ListSource implements Source {
  readonly outcomes: (Outcome | undefined)[] = [];
  readonly #tiles: readonly Tile[];
  isClosed = false;

  constructor(tiles: readonly Tile[]) {
    this.#tiles = tiles;
  }

  async open(): Promise<void> {}

  async *deliveries(signal: AbortSignal): AsyncGenerator<Delivery, void, undefined> {
    for (const [i, tile] of this.#tiles.entries()) {
      if (signal.aborted) return;
      this.outcomes[i] = undefined;
      yield {
        tile,
        settle: (outcome) => {
          if (this.outcomes[i]) throw new Error('settled twice');
          this.outcomes[i] = outcome;
        },
      };
      await new Promise(setImmediate);
    }
  }

  async close(): Promise<void> {
    this.isClosed = true;
  }
}
