import { existsSync, readFileSync } from 'node:fs';
import { limits } from '../../src/core/limits.ts';
import { recordLayout } from '../../src/core/record.ts';
import type { MaskedTile, Tile } from '../../src/core/tile.ts';
import { formatKeyFile, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { type Engine, type EngineOptions, loadEngine } from '../../src/pipeline/engine.ts';

/** A key ring that is the same in every test run. */
export const testKeyRing = parseKeyFile(
  formatKeyFile(new Uint8Array(32).fill(7), '2026-01-01T00:00:00Z', 'test'),
  'test-keys.json',
);

const kernelFile = new URL('../../src/scan/simd/kernel.wasm', import.meta.url);
/** The compiled kernel; it exists after `npm run build`. */
export const kernelModule = (): Uint8Array => {
  if (!existsSync(kernelFile)) throw new Error('the kernel is not built: run `npm run build`');
  return readFileSync(kernelFile);
};

/** An engine of packs given as YAML texts. */
export function engineOf(packs: readonly string[], options: Partial<EngineOptions> = {}): Engine {
  return loadEngine({
    policy: 'standard',
    enable: [],
    keepUsers: [],
    packFiles: packs.map((text, i) => ({ file: `pack-${i}.yml`, text })),
    ruleFiles: [],
    keyRing: testKeyRing,
    ...options,
  });
}

/** A tile of these events. */
export function tileOf(events: readonly (string | Uint8Array)[], receivedAtUs = Date.UTC(2026, 4, 4, 10) * 1000): Tile {
  const parts = events.map((event) => Buffer.from(event));
  const total = parts.reduce((sum, part) => sum + part.length + 1, 0);
  const bytes = new Uint8Array(total + limits.tilePaddingBytes);
  const starts = new Uint32Array(parts.length);
  const ends = new Uint32Array(parts.length);
  let at = 0;
  parts.forEach((part, i) => {
    bytes.set(part, at);
    starts[i] = at;
    ends[i] = at + part.length;
    at += part.length;
    bytes[at++] = 10;
  });
  return {
    bytes,
    count: parts.length,
    starts,
    ends,
    offsets: Float64Array.from(starts),
    items: new Uint32Array(parts.length),
    covers: Uint32Array.from(ends, (end, i) => end - (starts[i] as number) + 1),
    reasons: new Uint8Array(parts.length),
    context: { cluster: 'test', source: 'lines', stream: 'memory' },
    receivedAtUs,
  };
}

/** The payloads of a masked tile. */
export function payloadsOf(tile: MaskedTile): Buffer[] {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.length);
  return Array.from({ length: tile.count }, (_, i) => {
    const at = tile.offsets[i] as number;
    return Buffer.from(
      tile.bytes.subarray(at + view.getUint32(at + recordLayout.headerBytes, true), at + (tile.lengths[i] as number)),
    );
  });
}

/** One event through an engine: the masked line. */
export function maskOne(engine: Engine, event: string | Uint8Array): string {
  return (payloadsOf(engine.inspector.inspect(tileOf([event])))[0] as Buffer).toString();
}

/** True where the line is a stub. */
export function isStub(line: string): boolean {
  return line.startsWith('{"stub":true');
}
