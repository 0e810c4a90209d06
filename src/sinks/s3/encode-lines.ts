import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { ObjectLine } from './object-line.ts';

const newline = Buffer.from('\n');
const compress = promisify(gzip);

/** JSON lines, gzip. The same lines give the same bytes: gzip's header carries no time. */
export async function encodeLines(lines: readonly ObjectLine[]): Promise<Uint8Array> {
  return compress(Buffer.concat(lines.flatMap(({ body }) => [body, newline])));
}
