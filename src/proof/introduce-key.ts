import type { Clock } from '../core/clock.ts';
import type { SigningKey } from '../crypto/signing-key.ts';
import { type LogFileSystem, nodeFileSystem } from '../log/file-system.ts';
import { type Lock, takeLock } from '../log/lock-file.ts';
import { DigestChain } from './digest-chain.ts';
import type { Digest } from './digest-document.ts';

export interface IntroduceKeyOptions {
  readonly fs?: LogFileSystem;
  /** The logs of one data folder. */
  readonly logs: readonly { readonly log: string; readonly directory: string }[];
  readonly key: SigningKey;
  readonly nextKey: SigningKey;
  readonly clock: Clock;
}

/**
 * Lets a key take over in logs that nobody writes: each gets a digest by which the key before introduces it. Done again, it goes
 * on where it was broken off.
 * @throws Fault E_LOG_LOCKED while an agent writes them, E_PROOF_CHAIN where the digests of one cannot be read
 */
export async function introduceKey(options: IntroduceKeyOptions): Promise<void> {
  const { fs = nodeFileSystem, logs, key, nextKey, clock } = options;
  const locks: Lock[] = [];
  try {
    for (const { directory } of logs) locks.push(await takeLock(fs, directory, clock));
    const clusters = new Set<string>();
    const seen = ({ cluster }: Digest): unknown => clusters.add(cluster);
    for (const { log, directory } of logs) await DigestChain.open({ fs, directory, log, cluster: '', key, nextKey }, seen);
    const [cluster] = clusters;
    // Where nothing was signed yet there is nobody to introduce it to.
    if (cluster === undefined) return;
    for (const { log, directory } of logs) {
      const chain = await DigestChain.open({ fs, directory, log, cluster, key, nextKey }, () => undefined);
      await chain.introduce(nextKey, clock.nowMs());
    }
  } finally {
    for (const lock of locks) await lock.release();
  }
}
