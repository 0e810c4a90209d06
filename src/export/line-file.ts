import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { ByteBlocks, bytesPerBlock } from './byte-blocks.ts';
import { LineBlocks } from './line-blocks.ts';
import type { ExportedFile } from './manifest.ts';

const buffered = 1024 * 1024;

/** What the manifest says of a file, and the hashes of its blocks. */
export interface ClosedFile {
  readonly file: ExportedFile;
  readonly blocks: readonly string[];
}

/** A new file, readable by its owner only. Errors are those of the system. */
class NewFile {
  readonly #stream: WriteStream;
  readonly #ended: Promise<void>;
  #failed: Error | undefined;

  constructor(path: string) {
    this.#stream = createWriteStream(path, { flags: 'wx', mode: 0o600, highWaterMark: buffered });
    this.#ended = finished(this.#stream);
    this.#ended.catch((error: Error) => {
      this.#failed = error;
    });
  }

  /** @param bytes are copied */
  async write(bytes: Uint8Array): Promise<void> {
    if (this.#failed) throw this.#failed;
    if (!this.#stream.write(Buffer.from(bytes))) await Promise.race([once(this.#stream, 'drain'), this.#ended]);
  }

  async end(): Promise<void> {
    this.#stream.end();
    await this.#ended;
  }
}

/** Lines are handed to the system together, this many bytes at a time. */
const chunkBytes = 256 * 1024;

/** A new file of lines that is summed up while it is written. */
export class LineFile {
  readonly name: string;
  readonly #file: NewFile;
  readonly #blocks = new LineBlocks();
  #chunk = Buffer.allocUnsafe(chunkBytes);
  #used = 0;

  constructor(directory: string, name: string) {
    this.name = name;
    this.#file = new NewFile(`${directory}/${name}`);
  }

  /** @param line with its line end; not used any more once this resolves */
  async write(line: Uint8Array): Promise<void> {
    this.#blocks.push(line);
    if (this.#used + line.length > chunkBytes) await this.#flush();
    if (line.length > chunkBytes) return this.#file.write(line);
    this.#chunk.set(line, this.#used);
    this.#used += line.length;
  }

  async #flush(): Promise<void> {
    const full = this.#chunk.subarray(0, this.#used);
    this.#used = 0;
    await this.#file.write(full);
  }

  async close(): Promise<ClosedFile> {
    await this.#flush();
    await this.#file.end();
    const { blocks, ...sums } = this.#blocks.sums();
    return { file: { name: this.name, ...sums }, blocks };
  }
}

/** A new file of bytes that is summed up while it is written. */
export class ByteFile {
  readonly name: string;
  readonly #file: NewFile;
  readonly #blocks = new ByteBlocks();

  constructor(directory: string, name: string) {
    this.name = name;
    this.#file = new NewFile(`${directory}/${name}`);
  }

  async write(bytes: Uint8Array): Promise<void> {
    this.#blocks.push(bytes);
    await this.#file.write(bytes);
  }

  /** @param rows of the table in it */
  async close(rows: number): Promise<ClosedFile> {
    await this.#file.end();
    const { blocks, ...sums } = this.#blocks.sums();
    return { file: { name: this.name, ...sums, rows, blockBytes: bytesPerBlock }, blocks };
  }
}
