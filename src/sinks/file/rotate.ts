import { createReadStream, createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';

/** What a rotated file may end with behind its number. */
const endings = ['', '.gz'] as const;

/** `path` becomes `path.1`, what was that `path.2` and so on; beyond `keep` files the oldest go. None kept: it is removed. */
export async function rotateFiles(path: string, keep: number): Promise<void> {
  if (keep === 0) return rm(path, { force: true });
  for (const ending of endings) await rm(`${path}.${keep}${ending}`, { force: true });
  for (let n = keep - 1; n >= 1; n--)
    for (const ending of endings) await rename(`${path}.${n}${ending}`, `${path}.${n + 1}${ending}`).catch(ignoreMissing);
  await rename(path, `${path}.1`).catch(ignoreMissing);
}

/** Where a file is compressed to until it is whole. Readers of rotated files do not take it for one. */
export function unfinishedName(path: string): string {
  return join(dirname(path), `.${basename(path)}.gz.tmp`);
}

/** `path.1` becomes `path.1.gz`, which is on stable storage before the other goes. @throws what the file system says */
export async function compressRotated(path: string): Promise<void> {
  const [plain, unfinished] = [`${path}.1`, unfinishedName(path)];
  await pipeline(createReadStream(plain), createGzip(), createWriteStream(unfinished, { mode: 0o600, flush: true }));
  await rename(unfinished, `${plain}.gz`);
  await rm(plain, { force: true });
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}
