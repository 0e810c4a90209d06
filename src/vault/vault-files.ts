import { readdir, readFile, stat, unlink } from 'node:fs/promises';
import { join } from 'node:path';

/** Sealed values of one key epoch, and beside them their pseudonyms: `<epoch>-<time>-<random>.age` and `.index`. */
export const sealedSuffix = '.age';
export const indexSuffix = '.index';
const name = /^([a-z0-9]{1,16})-([0-9a-z]{8,11})-[0-9a-f]{16}\.age$/;

export interface SealedFile {
  /** Without its suffix. */
  readonly path: string;
  readonly epoch: string;
  /** Milliseconds since the epoch. */
  readonly madeMs: number;
  readonly bytes: number;
}

/** The files of a vault, oldest first; none where there is no such folder. */
export async function sealedFiles(directory: string): Promise<readonly SealedFile[]> {
  const found: SealedFile[] = [];
  for (const file of await readdir(directory).catch((): string[] => [])) {
    const [, epoch = '', time = ''] = name.exec(file) ?? [];
    if (epoch === '') continue;
    const path = join(directory, file.slice(0, -sealedSuffix.length));
    const sizes = [path + sealedSuffix, path + indexSuffix].map((part) =>
      stat(part).then(
        ({ size }) => size,
        () => 0,
      ),
    );
    const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
    found.push({ path, epoch, madeMs: Number.parseInt(time, 36), bytes });
  }
  return found.sort((a, b) => a.madeMs - b.madeMs);
}

/** Pseudonyms of the values in a file. */
export async function pseudonymsIn({ path }: Pick<SealedFile, 'path'>): Promise<readonly string[]> {
  const text = await readFile(path + indexSuffix, 'utf8').catch(() => '');
  return text.split('\n').filter((line) => line !== '');
}

/** The values go first: an index alone says nothing. */
export async function removeSealed({ path }: Pick<SealedFile, 'path'>): Promise<void> {
  for (const suffix of [sealedSuffix, indexSuffix]) await unlink(path + suffix).catch(() => undefined);
}

/** Removes what was sealed of an epoch: its key is destroyed, and so must be what leads around it. @returns files removed */
export async function removeEpoch(directory: string, epoch: string): Promise<number> {
  const files = (await sealedFiles(directory)).filter((file) => file.epoch === epoch);
  for (const file of files) await removeSealed(file);
  return files.length;
}
