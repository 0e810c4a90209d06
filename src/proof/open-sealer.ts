import { Fault } from '../core/faults.ts';
import { publicKeyId, type SigningKey } from '../crypto/signing-key.ts';
import { type LogFileSystem, nodeFileSystem } from '../log/file-system.ts';
import { DigestChain, digestsFileName, proofDirectory } from './digest-chain.ts';
import type { Digest } from './digest-document.ts';
import { LogSealer, type LogSealerOptions } from './log-sealer.ts';

export interface OpenSealerOptions extends Omit<LogSealerOptions, 'fs'> {
  readonly fs?: LogFileSystem;
  readonly log: string;
  readonly cluster: string;
  readonly key: SigningKey;
  /** A key that is to take over. */
  readonly nextKey?: SigningKey | undefined;
  /** Does what must succeed on a full disk. */
  readonly spend?: <T>(action: () => Promise<T>) => Promise<T>;
  /** Told that the chain on disk cannot be read; it is set aside and another one begun. */
  readonly damaged: () => void;
  /** Told that the key is not the one whose turn it is: nobody introduced it. Verification then needs both. */
  readonly replaced?: (before: string) => void;
}

/** The sealer of a log that this process writes. A chain that was damaged never keeps it from going on. */
export async function openSealer(options: OpenSealerOptions): Promise<LogSealer> {
  const { fs = nodeFileSystem, directory, log, cluster, key, nextKey, clock, damaged, replaced, spend } = options;
  const open = async (seen: (digest: Digest) => void): Promise<DigestChain> => {
    const chain = await DigestChain.open({ fs, directory, log, cluster, key, nextKey, ...(spend && { spend }) }, seen);
    if (chain.signer !== undefined && chain.signer !== publicKeyId(chain.key.publicPem)) replaced?.(chain.signer);
    return chain;
  };
  try {
    return await LogSealer.open({ ...options, fs }, open);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'E_PROOF_CHAIN') throw error;
    damaged();
    const folder = `${directory}/${proofDirectory}`;
    await fs.rename(`${folder}/${digestsFileName}`, `${folder}/damaged-${clock.nowMs()}.jsonl`);
    await fs.syncDirectory(folder);
    return LogSealer.open({ ...options, fs }, open);
  }
}
