import type { MaskedRecord } from '../core/record.ts';

/** What was passed over because it was too old, since the sink was last given anything. */
export interface Skipped {
  readonly records: number;
  /** Receive times of the first and the last one, microseconds since the epoch. */
  readonly firstUs: number;
  readonly lastUs: number;
  /** The sink takes records again; more may be skipped while it does not. */
  readonly isOver: boolean;
}

export interface AgeLimitOptions {
  readonly maxAgeMs: number;
  readonly nowMs: () => number;
  /** Told when records begin to be skipped, and once that is over. */
  readonly skipped: (skipped: Skipped) => void;
}

/** Passes records over that got too old while a sink could not take them, and counts them. */
export class AgeLimit {
  readonly #options: AgeLimitOptions;
  #records = 0;
  #firstUs = 0;
  #lastUs = 0;

  constructor(options: AgeLimitOptions) {
    this.#options = options;
  }

  /** Those that are young enough. */
  fresh(records: readonly MaskedRecord[]): readonly MaskedRecord[] {
    const { maxAgeMs, nowMs } = this.#options;
    const oldestUs = (nowMs() - maxAgeMs) * 1000;
    const old = records.filter(({ receivedAtUs }) => receivedAtUs < oldestUs);
    const [first, last] = [old[0], old.at(-1)];
    if (!first || !last) return records;
    const begins = this.#records === 0;
    if (begins) this.#firstUs = first.receivedAtUs;
    this.#records += old.length;
    this.#lastUs = last.receivedAtUs;
    if (begins) this.#tell(false);
    return records.filter(({ receivedAtUs }) => receivedAtUs >= oldestUs);
  }

  /** The sink has taken something. */
  delivered(): void {
    if (this.#records > 0) this.#tell(true);
    this.#records = 0;
  }

  #tell(isOver: boolean): void {
    this.#options.skipped({ records: this.#records, firstUs: this.#firstUs, lastUs: this.#lastUs, isOver });
  }
}
