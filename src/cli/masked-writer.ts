import { recordLayout } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { Output } from './output.ts';

/** Writes the payloads of masked tiles as lines: one copy into one buffer, one write a tile. */
export class MaskedWriter {
  readonly #output: Output;
  #buffer = Buffer.alloc(0);

  constructor(output: Output) {
    this.#output = output;
  }

  /** @throws OutputClosed */
  async write(tile: MaskedTile): Promise<void> {
    if (tile.count === 0) return;
    if (this.#buffer.length < tile.bytes.length + tile.count)
      this.#buffer = Buffer.allocUnsafeSlow(tile.bytes.length + tile.count);
    const buffer = this.#buffer;
    const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
    let to = 0;
    for (let i = 0; i < tile.count; i++) {
      const at = tile.offsets[i] ?? 0;
      const from = at + view.getUint32(at + recordLayout.headerBytes, true);
      const end = at + (tile.lengths[i] ?? 0);
      buffer.set(tile.bytes.subarray(from, end), to);
      to += end - from;
      buffer[to++] = 10;
    }
    await this.#output.write(buffer.subarray(0, to));
  }
}
