import type { LogFileSystem } from '../log/file-system.ts';
import { readChain } from './digest-chain.ts';
import { readDigest } from './digest-document.ts';

/** The digests of a chain by which keys took over, two lines each: whoever has no chain follows keys with them. */
export async function keyIntroductions(fs: LogFileSystem, logDirectory: string): Promise<readonly string[]> {
  const { digests } = await readChain(fs, logDirectory);
  return digests.filter((text) => text.includes('"kind":"key"'));
}

/** The keys given, and those that they introduce, one after another. What is no digest, or signed by none of them, says nothing. */
export function followKeys(introductions: readonly string[], publicPems: readonly string[]): readonly string[] {
  const trusted = [...publicPems];
  for (const text of introductions) {
    const read = readDigest(text, trusted);
    if (typeof read !== 'string' && read.digest.kind === 'key') trusted.push(read.digest.publicKey);
  }
  return trusted;
}

/** Two lines each, as they stand in a file of introductions. */
export function introductionsIn(text: string): readonly string[] {
  const lines = text.split('\n');
  return Array.from({ length: lines.length >> 1 }, (_, i) => `${lines[2 * i] ?? ''}\n${lines[2 * i + 1] ?? ''}\n`);
}
