import { comparePlaces, type PagePlace } from './page-cursor.ts';

/** Keeps the newest so many of what it is given, in memory of about twice as many. */
export class NewestRows<Row extends PagePlace> {
  readonly #limit: number;
  #rows: Row[] = [];
  /** The last that is kept, once there are enough. */
  #worst: PagePlace | undefined;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Whether something at this place would be kept. */
  wants(place: PagePlace): boolean {
    return this.#worst === undefined || comparePlaces(place, this.#worst) < 0;
  }

  /** Nothing older than this is wanted. Microseconds since the epoch. */
  oldestUs(): number {
    this.#cut();
    return this.#worst?.timeUs ?? Number.NEGATIVE_INFINITY;
  }

  add(row: Row): void {
    this.#rows.push(row);
    if (this.#rows.length >= this.#limit * 2) this.#cut();
  }

  /** Newest first. */
  take(): readonly Row[] {
    this.#cut();
    return this.#rows;
  }

  #cut(): void {
    this.#rows.sort(comparePlaces);
    this.#rows.length = Math.min(this.#rows.length, this.#limit);
    if (this.#rows.length === this.#limit) this.#worst = this.#rows.at(-1);
  }
}
