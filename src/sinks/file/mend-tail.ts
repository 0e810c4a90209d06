import type { FileHandle } from 'node:fs/promises';

const stepBytes = 64 * 1024;
const [lineEnd, openBrace] = [0x0a, 0x7b];

/**
 * What stands behind the last line end of a file of JSON lines: a line that a crash cut off. Its record comes again, so it is
 * taken away; text that is no beginning of JSON is not ours and gets its line end.
 * @returns bytes of the file afterwards
 */
export async function mendTail(file: FileHandle, bytes: number): Promise<number> {
  const tail = await tailStart(file, bytes);
  if (tail === bytes) return bytes;
  const first = await file.read(Buffer.alloc(1), 0, 1, tail);
  if (first.buffer[0] === openBrace) {
    await file.truncate(tail);
    return tail;
  }
  await file.appendFile('\n');
  return bytes + 1;
}

/** Where the last line without an end begins; the end of the file where there is none. */
async function tailStart(file: FileHandle, bytes: number): Promise<number> {
  for (let end = bytes; end > 0; ) {
    const from = Math.max(0, end - stepBytes);
    const { buffer, bytesRead } = await file.read(Buffer.alloc(end - from), 0, end - from, from);
    const at = buffer.subarray(0, bytesRead).lastIndexOf(lineEnd);
    if (at >= 0) return from + at + 1;
    end = from;
  }
  return 0;
}
