import { Fault } from '../core/faults.ts';
import type { LogPosition } from '../core/log.ts';
import type { LogFileSystem } from './file-system.ts';
import { type WhenBehind, writePosition } from './position-file.ts';
import type { Reserve } from './reserve-file.ts';
import { comparePositions } from './segment-list.ts';

export interface PositionKeeperOptions {
  readonly fs: LogFileSystem;
  readonly directory: string;
  readonly reader: string;
  readonly whenBehind: WhenBehind;
  readonly reserve: Reserve;
}

/** A reader's durable position. It only moves forward; commits that wait for the disk are joined. */
export class PositionKeeper {
  readonly #options: PositionKeeperOptions;
  #durable: LogPosition;
  #wanted: LogPosition;
  #writing: Promise<void> | undefined;

  constructor(options: PositionKeeperOptions, start: LogPosition) {
    this.#options = options;
    this.#durable = start;
    this.#wanted = start;
  }

  get committed(): LogPosition {
    return this.#durable;
  }

  /** Writes the position even if it is the one from the start: from then on the reader is known on disk. */
  register(): Promise<void> {
    return this.#write(this.#wanted);
  }

  /**
   * Resolves once this position, or a later one, is on stable storage.
   * @throws Fault E_LOG_POSITION, retryable: the records come again after a restart.
   */
  async commit(position: LogPosition): Promise<void> {
    if (comparePositions(position, this.#wanted) > 0) this.#wanted = position;
    while (comparePositions(this.#durable, position) < 0) {
      this.#writing ??= this.#write(this.#wanted).finally(() => {
        this.#writing = undefined;
      });
      await this.#writing;
    }
  }

  async #write(position: LogPosition): Promise<void> {
    const { fs, directory, reader, whenBehind, reserve } = this.#options;
    try {
      await reserve.spend(() => writePosition(fs, directory, reader, { position, whenBehind }));
    } catch (cause) {
      throw new Fault(`the position of reader ${reader} could not be written`, {
        code: 'E_LOG_POSITION',
        remedy: 'Check the disk and the rights of the log directory; until then records are delivered again after a restart.',
        retryable: true,
        cause,
      });
    }
    this.#durable = position;
  }
}
