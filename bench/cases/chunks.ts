import { closeSync, openSync, readSync } from 'node:fs';

/** Reads a file in 1 MiB pieces into one buffer that is used again and again. */
export function* chunksOf(file: string, size = 1 << 20): Generator<Buffer> {
  const handle = openSync(file, 'r');
  const buffer = Buffer.allocUnsafe(size);
  try {
    for (let read = readSync(handle, buffer); read > 0; read = readSync(handle, buffer)) yield buffer.subarray(0, read);
  } finally {
    closeSync(handle);
  }
}

/** Calls `use` with every line of the file, as bytes; the bytes are valid only during the call. */
export function eachLine(file: string, use: (line: Buffer) => void): void {
  let rest: Buffer = Buffer.alloc(0);
  for (const chunk of chunksOf(file)) {
    let start = 0;
    let end = chunk.indexOf(10);
    if (rest.length > 0 && end >= 0) {
      use(Buffer.concat([rest, chunk.subarray(0, end)]));
      rest = Buffer.alloc(0);
      start = end + 1;
      end = chunk.indexOf(10, start);
    }
    for (; end >= 0; end = chunk.indexOf(10, start)) {
      use(chunk.subarray(start, end));
      start = end + 1;
    }
    rest = Buffer.concat([rest, chunk.subarray(start)]);
  }
  if (rest.length > 0) use(rest);
}
