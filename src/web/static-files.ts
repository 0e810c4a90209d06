import { readdir, readFile, stat } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { limits } from '../core/limits.ts';
import { sha256Hex } from '../crypto/sha256.ts';

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json; charset=utf-8',
  '.bin': 'application/octet-stream',
  '.txt': 'text/plain; charset=utf-8',
  '.woff2': 'font/woff2',
};
const compressed = new Set(['.html', '.js', '.css', '.wasm', '.svg', '.json', '.bin', '.txt']);

export interface StaticFile {
  readonly type: string;
  readonly etag: string;
  readonly bytes: Buffer;
  readonly gzip: Buffer | undefined;
}

/** The page's files by their path in a URL. Read once: no request names a file of the system. */
export type StaticFiles = ReadonlyMap<string, StaticFile>;

/** The files that lie in a folder itself, as far as their kinds are known; none where it is not there. */
export async function readStaticFiles(folder: string): Promise<StaticFiles> {
  const files = new Map<string, StaticFile>();
  const names = (await readdir(folder).catch(() => [])).filter((name) => types[extname(name)] !== undefined).sort();
  let total = 0;
  for (const name of names) {
    const path = join(folder, name);
    if (!(await stat(path)).isFile()) continue;
    const bytes = await readFile(path);
    total += bytes.length;
    if (total > limits.webStaticBytes) break;
    const ending = extname(name);
    files.set(`/${name}`, {
      type: types[ending] ?? '',
      etag: `"${sha256Hex(bytes).slice(0, 32)}"`,
      bytes,
      gzip: compressed.has(ending) ? gzipSync(bytes) : undefined,
    });
  }
  const index = files.get('/index.html');
  if (index) files.set('/', index);
  return files;
}
