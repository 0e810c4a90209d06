import { utf8Text } from '../core/byte-text.ts';
import { recordFlags, recordLayout } from '../core/record.ts';
import type { MaskedTile } from '../core/tile.ts';
import type { Engine } from '../pipeline/compose-engine.ts';
import { eventsLogOf } from './open-store.ts';
import type { CliContext } from './output.ts';

/** A masked audit event of a file or of an agent's log. */
export interface MaskedEvent {
  /** As parsed; undefined for a stub. */
  readonly json: unknown;
  readonly timeMs: number;
}

/**
 * Masks the events of files (`-` or none: standard input) in memory, and reads those of data folders, which are masked.
 * @throws Fault E_LOG_MISSING where a folder holds no log; what `inspectInputs` throws
 */
export async function eachMaskedEvent(
  context: CliContext,
  inputs: readonly string[],
  open: () => Promise<Engine>,
  use: (event: MaskedEvent) => void,
): Promise<void> {
  const [logs, files] = [new Set<string>(), [] as string[]];
  for (const input of inputs) {
    const log = await eventsLogOf(input);
    if (log === undefined) files.push(input);
    else logs.add(log);
  }
  for (const log of logs) await readStore(context, log, use);
  if (files.length === 0 && logs.size > 0) return;
  const { inspectInputs } = await import('./inspect-inputs.ts');
  await inspectInputs(context, await open(), {
    files,
    lists: 'split',
    cluster: '',
    nowMs: Date.now,
    use: (tile) => {
      for (const event of eventsOf(tile)) use(event);
      return Promise.resolve();
    },
  });
}

async function readStore(context: CliContext, log: string, use: (event: MaskedEvent) => void): Promise<void> {
  const { eachStoredRecord } = await import('./stored-records.ts');
  await eachStoredRecord(context, log, ({ flags, payload, eventTimeUs }) => {
    use({ json: (flags & recordFlags.stub) === 0 ? parse(payload) : undefined, timeMs: eventTimeUs / 1000 });
    return Promise.resolve();
  });
}

function* eventsOf(tile: MaskedTile): Generator<MaskedEvent, void, undefined> {
  const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.byteLength);
  for (let i = 0; i < tile.count; i++) {
    const at = tile.offsets[i] ?? 0;
    const from = at + view.getUint32(at + recordLayout.headerBytes, true);
    const payload = tile.bytes.subarray(from, at + (tile.lengths[i] ?? 0));
    const isStub = ((tile.flags[i] ?? 0) & recordFlags.stub) !== 0;
    yield { json: isStub ? undefined : parse(payload), timeMs: view.getFloat64(at + recordLayout.eventTimeUs, true) / 1000 };
  }
}

function parse(payload: Uint8Array): unknown {
  return JSON.parse(utf8Text(payload)) as unknown;
}
