import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { isSilence } from '../core/review.ts';
import { nodeFileSystem, replaceFile } from '../log/file-system.ts';
import type { LogEntry } from '../log/record-encoder.ts';
import { SilenceBook } from '../routing/silence-book.ts';

const fileName = 'silences.json';

/**
 * The silences in force, in a file of their own beside the logs: a start need not read the findings log for them. What is lost or
 * damaged silences nothing.
 */
export class SilenceKeeper {
  readonly book: SilenceBook;
  readonly #directory: string;
  readonly #clock: Clock;

  private constructor(directory: string, clock: Clock, book: SilenceBook) {
    this.#directory = directory;
    this.#clock = clock;
    this.book = book;
  }

  static async open(dataDirectory: string, clock: Clock): Promise<SilenceKeeper> {
    const text = await readFile(join(dataDirectory, fileName), 'utf8').catch(() => '[]');
    return new SilenceKeeper(dataDirectory, clock, new SilenceBook(limits.silences, silencesIn(text)));
  }

  /** Takes up those among notes that were just appended to the findings log. Resolves once they are durable here too. */
  async take(entries: readonly LogEntry[]): Promise<void> {
    const nowMs = this.#clock.nowMs();
    let changed = false;
    for (const { type, value } of entries)
      if (type === 'note' && isSilence(value)) changed = this.book.add(value, nowMs) || changed;
    if (!changed) return;
    const bytes = Buffer.from(JSON.stringify(this.book.active(nowMs)));
    await replaceFile(nodeFileSystem, this.#directory, fileName, bytes);
  }
}

function silencesIn(text: string) {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found.filter(isSilence) : [];
  } catch {
    return [];
  }
}
