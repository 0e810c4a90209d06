import { closeSync, existsSync, fstatSync, openSync, readSync } from 'node:fs';

/** Reads what is added to a file, line by line; a line that is not whole yet waits. Files may be larger than a string can be. */
export class LineFollower {
  readonly #file: string;
  readonly #told: (line: string) => void;
  #at = 0;

  constructor(file: string, told: (line: string) => void) {
    this.#file = file;
    this.#told = told;
  }

  read(): void {
    if (!existsSync(this.#file)) return;
    const file = openSync(this.#file, 'r');
    try {
      const buffer = Buffer.alloc(1 << 20);
      while (this.#at < fstatSync(file).size) {
        const bytes = buffer.subarray(0, readSync(file, buffer, 0, buffer.length, this.#at));
        const end = bytes.lastIndexOf(10);
        if (end < 0) return;
        this.#at += end + 1;
        for (const line of bytes.toString('utf8', 0, end).split('\n')) this.#told(line);
      }
    } finally {
      closeSync(file);
    }
  }
}
