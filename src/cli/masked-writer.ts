import { recordLayout } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { Output } from './output.ts';

/** Writes the payloads of masked tiles as lines: one copy into one buffer, one write a tile. */
export class MaskedWriter {
  readonly #output: Output;
  readonly #check: (bytes: Uint8Array) => void;
  #buffer = Buffer.alloc(0);

  /** @param check looks at what is about to be written, and throws where it must not be */
  constructor(output: Output, check: (bytes: Uint8Array) => void = () => undefined) {
    this.#output = output;
    this.#check = check;
  }

  /** @param prefixes `Tile.prefixes` of the tile this came from. @throws OutputClosed */
  async write(tile: MaskedTile, prefixes: readonly string[] = []): Promise<void> {
    if (tile.count === 0) return;
    const bytes = prefixes.reduce((sum, prefix) => sum + prefix.length, tile.bytes.length + tile.count);
    if (this.#buffer.length < bytes) this.#buffer = Buffer.allocUnsafeSlow(bytes);
    const buffer = this.#buffer;
    const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
    let to = 0;
    for (let i = 0; i < tile.count; i++) {
      const at = tile.offsets[i] ?? 0;
      const from = at + view.getUint32(at + recordLayout.headerBytes, true);
      const end = at + (tile.lengths[i] ?? 0);
      to += buffer.write(prefixes[i] ?? '', to, 'latin1');
      buffer.set(tile.bytes.subarray(from, end), to);
      to += end - from;
      buffer[to++] = 10;
    }
    const lines = buffer.subarray(0, to);
    this.#check(lines);
    await this.#output.write(lines);
  }
}
