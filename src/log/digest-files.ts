import { type DigestList, decodeDigestIndex, encodeDigestIndex } from './digest-index.ts';
import { type LogFileSystem, readFully, writeFully } from './file-system.ts';
import { segmentFileName } from './segment-header.ts';
import type { Segment } from './segment-list.ts';

const suffix = '.digests';
/** Longer files are none of ours: an index of the most digests a window remembers has a fraction of this. */
const maximumBytes = 256 * 1024 * 1024;

const nameOf = (number: number): string => segmentFileName(number).replace(/\.seg$/, suffix);

/**
 * The index files beside the segments. They only save time at a start: none of these calls fails, an index that cannot
 * be written is not there, and one that cannot be read is made anew from its segment.
 */
export class DigestFiles {
  readonly #fs: LogFileSystem;
  readonly #directory: string;

  constructor(fs: LogFileSystem, directory: string) {
    this.#fs = fs;
    this.#directory = directory;
  }

  async save(segment: Segment, list: DigestList): Promise<void> {
    try {
      const file = await this.#fs.open(this.#path(segment.number), 'replace');
      try {
        await writeFully(file, [encodeDigestIndex(segment, list)], 0);
      } finally {
        await file.close();
      }
    } catch {
      await this.remove(segment.number);
    }
  }

  /** Undefined where there is none, or none that is whole and of this segment. */
  async load(segment: Segment): Promise<DigestList | undefined> {
    try {
      const file = await this.#fs.open(this.#path(segment.number), 'read');
      try {
        const size = await file.size();
        if (size > maximumBytes) return undefined;
        const bytes = new Uint8Array(size);
        return decodeDigestIndex(bytes.subarray(0, await readFully(file, bytes, 0)), segment);
      } finally {
        await file.close();
      }
    } catch {
      return undefined;
    }
  }

  async remove(number: number): Promise<void> {
    await this.#fs.remove(this.#path(number)).catch(() => undefined);
  }

  /** Removes the indexes of all segments but these: no window reaches them any more. */
  async keepOnly(numbers: ReadonlySet<number>): Promise<void> {
    const names = await this.#fs.list(this.#directory).catch(() => []);
    const kept = new Set([...numbers].map(nameOf));
    for (const name of names) {
      if (!/^\d{10}\.digests$/.test(name) || kept.has(name)) continue;
      await this.#fs.remove(`${this.#directory}/${name}`).catch(() => undefined);
    }
  }

  #path(number: number): string {
    return `${this.#directory}/${nameOf(number)}`;
  }
}
