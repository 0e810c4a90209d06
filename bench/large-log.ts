import { createHash } from 'node:crypto';
import path from 'node:path';
import { type Dictionary, recordTypes } from '../src/core/record.ts';
import { bareHead, type RecordHead } from '../src/core/record-head.ts';
import { MatchColumns, TileWriter } from '../src/inspect/tile-writer.ts';
import { openLog } from '../src/log/open-log.ts';
import { findingsReader } from '../src/pipeline/open-stage.ts';

const recordsPerTile = 1_000;
const payloadBytes = 900;
/** The window of digests in force: two million records, a quarter of an hour. */
const dedupe = { maxRecords: 2_000_000, windowMs: 15 * 60_000 };

function dictionary(value: object): Dictionary {
  const payload = Buffer.from(JSON.stringify(value));
  return { id: createHash('sha256').update(payload).digest('hex').slice(0, 32), payload };
}

/** Fills an events log with records of about a kilobyte, appended now, which every reader has read. */
export async function writeLargeLog(dataDirectory: string, megabytes: number): Promise<void> {
  const clock = { nowMs: () => Date.now() };
  const log = await openLog({ directory: path.join(dataDirectory, 'events'), name: 'events', clock, dedupe });
  const plan = dictionary({ type: 'plan', rules: [], correlations: [], kinds: [], actions: [] });
  const place = { cluster: 'bench', source: 'bench', stream: 'large', policy: { id: 'standard', digest: '0' } };
  const context = dictionary({ type: 'context', ...place, plan: plan.id });
  const payload = Buffer.from(JSON.stringify({ kind: 'Event', filling: 'x'.repeat(payloadBytes - 30) }));
  const digest = new Uint8Array(16);
  const numbers = new DataView(digest.buffer);
  let number = 0;
  for (let bytes = 0; bytes < megabytes * 1e6; ) {
    const writer = new TileWriter(recordsPerTile, recordsPerTile * payload.length);
    for (let i = 0; i < recordsPerTile; i++) {
      numbers.setUint32(0, number, true);
      numbers.setUint32(8, Math.imul(number++, 0x9e3779b1) >>> 0, true);
      writer.write(headOf(digest, context), new MatchColumns(), noMasks, 0, payload.length, (to, at) => {
        to.set(payload, at);
        return at + payload.length;
      });
    }
    const tile = writer.finish([plan, context]);
    await log.append(tile);
    bytes += tile.bytes.length;
  }
  const reader = await log.reader(findingsReader);
  await reader.commit(log.status().end);
  await reader.close();
  await log.close();
}

const noMasks = { length: 0, kinds: [], actions: [], counts: [] };

function headOf(digest: Uint8Array, context: Dictionary): RecordHead {
  const nowUs = Date.now() * 1000;
  return {
    ...bareHead,
    type: recordTypes.event,
    digest,
    context: Buffer.from(context.id.slice(0, 16), 'hex'),
    receivedAtUs: nowUs,
    eventTimeUs: nowUs,
    eventTimeFrom: 0,
  };
}
