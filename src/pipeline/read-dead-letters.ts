import { stat } from 'node:fs/promises';
import type { LogPosition } from '../core/log.ts';
import { type MaskedRecord, recordTypes } from '../core/record.ts';
import { nodeFileSystem } from '../log/file-system.ts';
import { openLogReader } from '../log/open-log-reader.ts';
import { writePosition } from '../log/position-file.ts';
import { bytesBehind, readerLagBytes } from '../log/reader-lag.ts';
import { PollingView } from '../log/segment-view.ts';
import { type RejectionNote, replayReader } from './dead-letters.ts';

export interface DeadLetter {
  readonly record: MaskedRecord;
  /** Absent where the note in front of it is damaged. */
  readonly note: RejectionNote | undefined;
}

export interface DeadLetterBatch {
  readonly letters: readonly DeadLetter[];
  /** Behind the last of them: committed once all were sent. */
  readonly end: LogPosition;
}

/** What one sink rejected, read beside an agent that may go on adding to it. Only records with a valid checksum come out. */
export class DeadLetterBox {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Whether anything was ever rejected. */
  async exists(): Promise<boolean> {
    return stat(this.#folder).then(
      (found) => found.isDirectory(),
      () => false,
    );
  }

  /** Bytes that no replay has come by yet. */
  async waitingBytes(): Promise<number> {
    const lag = await readerLagBytes(this.#folder, replayReader);
    if (lag !== undefined || !(await this.exists())) return lag ?? 0;
    return bytesBehind(await new PollingView(nodeFileSystem, this.#folder, 0).segments(), { segment: 0, offset: 0 });
  }

  /** From where the last replay stopped, or from the start; ends at what is there now. */
  async *read(signal: AbortSignal, fromStart: boolean): AsyncGenerator<DeadLetterBatch, void, undefined> {
    const start = fromStart ? ('oldest' as const) : { reader: replayReader };
    const reader = await openLogReader({ directory: this.#folder, start });
    let note: RejectionNote | undefined;
    try {
      for await (const { records, end } of reader.read(signal, { follow: false })) {
        const letters: DeadLetter[] = [];
        for (const record of records) {
          if (record.type === recordTypes.note) {
            note = JSON.parse(Buffer.from(record.payload).toString('utf8')) as RejectionNote;
            continue;
          }
          letters.push({ record, note });
          note = undefined;
        }
        yield { letters, end };
      }
    } finally {
      await reader.close();
    }
  }

  /** Where the next replay begins; durable once it resolves. */
  commit(position: LogPosition): Promise<void> {
    return writePosition(nodeFileSystem, this.#folder, replayReader, { position, whenBehind: 'skip' });
  }
}
