import { publicKeyId } from '../crypto/signing-key.ts';
import type { LogFileSystem } from '../log/file-system.ts';
import { readChain } from './digest-chain.ts';
import { type Digest, signerOf } from './digest-document.ts';

/** From which digest on a key signs. */
export interface KeyTurn {
  /** Id of the key, 32 hex digits. */
  readonly key: string;
  /** Number of the first digest that it signed. */
  readonly digest: number;
  readonly made: string;
  /** Whether the key before introduced it. */
  readonly introduced: boolean;
}

/** Whose turn it was to sign the digests of a log, as they say themselves: an overview, no verification. */
export async function keyTurns(fs: LogFileSystem, logDirectory: string): Promise<readonly KeyTurn[]> {
  const turns: KeyTurn[] = [];
  let introduced: string | undefined;
  for (const [index, text] of (await readChain(fs, logDirectory)).digests.entries()) {
    const [document = '', line = ''] = text.split('\n');
    const key = signerOf(line) ?? 'unknown';
    const digest = JSON.parse(document) as Digest;
    if (turns.at(-1)?.key !== key) turns.push({ key, digest: index + 1, made: digest.made, introduced: key === introduced });
    if (digest.kind === 'key') introduced = publicKeyId(digest.publicKey);
  }
  return turns;
}
