import { generateKeyPairSync } from 'node:crypto';
import { SigningKey } from '../../src/crypto/signing-key.ts';
import type { LogFileSystem } from '../../src/log/file-system.ts';
import { openLog } from '../../src/log/open-log.ts';
import type { SegmentLog } from '../../src/log/segment-log.ts';
import { DigestChain } from '../../src/proof/digest-chain.ts';
import { LogSealer } from '../../src/proof/log-sealer.ts';
import { makeClock, makeTile } from './log-fixture.ts';

export const newSigningKey = (): SigningKey => new SigningKey(generateKeyPairSync('ed25519').privateKey);

export interface SealedLog {
  readonly log: SegmentLog;
  readonly sealer: LogSealer;
  readonly chain: DigestChain;
}

export const clock = makeClock();
export const everyMs = 3_600_000;

/** A log of small segments with its sealer, in the folder `d`. */
export async function openSealed(
  fs: LogFileSystem,
  key: SigningKey,
  bounds: { readonly maxBytes?: number } = {},
): Promise<SealedLog> {
  const log = await openLog({
    ...{ directory: 'd', name: 'events', clock, fs, segmentBytes: 1500, segmentAgeMs: 60_000, reserveBytes: 0, tickMs: 0 },
    ...bounds,
  });
  const reader = await log.reader('proof');
  let chain: DigestChain | undefined;
  const sealer = await LogSealer.open(
    { fs, directory: 'd', clock, everyMs, end: () => log.status().end, commit: (position) => reader.commit(position) },
    async (seen) => {
      chain = await DigestChain.open({ fs, directory: 'd', log: 'events', cluster: 'test', key }, seen);
      return chain;
    },
  );
  return { log, sealer, chain: chain as DigestChain };
}

/** Appends events of about 400 bytes, numbered. */
export async function fill(log: SegmentLog, from: number, to: number): Promise<void> {
  for (let id = from; id < to; id++) await log.append(makeTile([{ id, filling: 300 }]));
}
