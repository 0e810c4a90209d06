import { isAbort } from './api-client.ts';
import { fill } from './dom.ts';
import { failureNote } from './notices.ts';

/** Loads what a place shows, again after a while, one time at once. A failure is shown in the place, with a button. */
export class Refreshed {
  readonly #place: HTMLElement;
  readonly #load: (signal: AbortSignal) => Promise<void>;
  readonly #everyMs: number;
  #abort = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(place: HTMLElement, everyMs: number, load: (signal: AbortSignal) => Promise<void>) {
    this.#place = place;
    this.#everyMs = everyMs;
    this.#load = load;
  }

  /** Starts (again), now. */
  start(): void {
    this.stop();
    this.#abort = new AbortController();
    void this.#run(this.#abort.signal);
  }

  stop(): void {
    this.#abort.abort();
    clearTimeout(this.#timer);
  }

  async #run(signal: AbortSignal): Promise<void> {
    try {
      // Nobody looks: what is asked costs the server something.
      if (!document.hidden) await this.#load(signal);
      this.#place.classList.remove('is-stale');
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      fill(
        this.#place,
        failureNote(error, () => this.start()),
      );
      return;
    }
    if (!signal.aborted) this.#timer = setTimeout(() => void this.#run(signal), this.#everyMs);
  }
}
