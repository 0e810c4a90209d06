import { isDiskFull, type LogFile, type LogFileSystem, writeFully } from './file-system.ts';

const reserveName = 'reserve';
const blockBytes = 64 * 1024;

/**
 * Space set aside on the log's disk. It is given up for the moment when a position must be written on a full disk, and
 * while it is not whole the log takes no records: they would eat the room that was made for acknowledging.
 */
export class Reserve {
  readonly #fs: LogFileSystem;
  readonly #path: string;
  readonly #bytes: number;
  #whole = false;

  constructor(fs: LogFileSystem, directory: string, bytes: number) {
    this.#fs = fs;
    this.#path = `${directory}/${reserveName}`;
    this.#bytes = bytes;
  }

  get whole(): boolean {
    return this.#whole;
  }

  /** Looks whether the reserve is there from before; makes none. */
  async adopt(): Promise<void> {
    this.#whole = this.#bytes === 0 || (await this.#fs.stat(this.#path))?.bytes === this.#bytes;
  }

  /** Makes the reserve whole again. False where there is no room for it. */
  async restore(): Promise<boolean> {
    if (this.#whole) return true;
    try {
      const stat = await this.#fs.stat(this.#path);
      if (stat?.bytes !== this.#bytes) await this.#fill();
      this.#whole = true;
    } catch (error) {
      if (!isDiskFull(error)) throw error;
      await this.release();
    }
    return this.#whole;
  }

  async #fill(): Promise<void> {
    if (this.#bytes === 0) return;
    const file = await this.#fs.open(this.#path, 'replace');
    try {
      await fillZeros(file, this.#bytes);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** Gives the space back to the disk. */
  async release(): Promise<void> {
    this.#whole = this.#bytes === 0;
    if (this.#bytes === 0) return;
    try {
      await this.#fs.remove(this.#path);
    } catch {
      // Not there, or not removable: then there is nothing to give.
    }
  }

  /** Does what must succeed on a full disk: on "no space" the reserve is given up and it is tried once more. */
  async spend<T>(action: () => Promise<T>): Promise<T> {
    try {
      return await action();
    } catch (error) {
      if (!isDiskFull(error) || !this.#whole || this.#bytes === 0) throw error;
      await this.release();
      return action();
    }
  }
}

async function fillZeros(file: LogFile, bytes: number): Promise<void> {
  const block = new Uint8Array(Math.min(blockBytes, bytes));
  for (let at = 0; at < bytes; at += block.length) {
    await writeFully(file, [block.subarray(0, Math.min(block.length, bytes - at))], at);
  }
}
