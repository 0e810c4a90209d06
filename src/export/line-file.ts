import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { finished } from 'node:stream/promises';
import { LineBlocks } from './line-blocks.ts';
import type { ExportedFile } from './manifest.ts';

const buffered = 1024 * 1024;

/** A new file of lines that is summed up while it is written. Errors are those of the system. */
export class LineFile {
  readonly name: string;
  readonly #stream: WriteStream;
  readonly #blocks = new LineBlocks();
  readonly #ended: Promise<void>;
  #failed: Error | undefined;

  constructor(directory: string, name: string) {
    this.name = name;
    this.#stream = createWriteStream(`${directory}/${name}`, { flags: 'wx', mode: 0o600, highWaterMark: buffered });
    this.#ended = finished(this.#stream);
    this.#ended.catch((error: Error) => {
      this.#failed = error;
    });
  }

  /** @param line with its line end; not used any more once this resolves */
  async write(line: Uint8Array): Promise<void> {
    if (this.#failed) throw this.#failed;
    this.#blocks.push(line);
    if (!this.#stream.write(Buffer.from(line))) await Promise.race([once(this.#stream, 'drain'), this.#ended]);
  }

  /** @returns what the manifest says of it, and the hashes of its blocks */
  async close(): Promise<{ readonly file: ExportedFile; readonly blocks: readonly string[] }> {
    this.#stream.end();
    await this.#ended;
    const { blocks, ...sums } = this.#blocks.sums();
    return { file: { name: this.name, ...sums }, blocks };
  }
}
