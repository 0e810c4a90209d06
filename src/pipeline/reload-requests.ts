import { filesState } from './setup-files.ts';

export const lookIntervalMs = 5_000;

/** Why a reload is asked for. */
export type ReloadCause = 'signal' | 'files';

/**
 * When to read everything anew: when somebody says so, and when the files have changed and then stayed the same for one more
 * look, so that nothing is taken up half-written.
 */
export class ReloadRequests {
  readonly #intervalMs: number;
  #asked: ReloadCause | undefined;
  #wake: () => void = () => undefined;
  #paths: readonly string[] = [];
  /** The state that was taken up, or was refused: not asked for again. */
  #known = '';
  #last = '';
  #isLooking = false;

  constructor(intervalMs = lookIntervalMs) {
    this.#intervalMs = intervalMs;
  }

  /** Asks for one now: SIGHUP. */
  ask(cause: ReloadCause = 'signal'): void {
    this.#asked = cause === 'signal' ? cause : (this.#asked ?? cause);
    this.#wake();
  }

  /** Looks at these files from now on; `known` is their state (`filesState`) when they were read. */
  watch(paths: readonly string[], known: string): void {
    this.#paths = paths;
    this.#known = known;
    this.#last = known;
  }

  /** Resolves with the next request; undefined once `signal` has aborted. */
  async next(signal: AbortSignal): Promise<ReloadCause | undefined> {
    const timer = setInterval(() => void this.#look(), this.#intervalMs);
    timer.unref();
    try {
      while (this.#asked === undefined && !signal.aborted) await this.#woken(signal);
    } finally {
      clearInterval(timer);
    }
    const asked = this.#asked;
    this.#asked = undefined;
    return signal.aborted ? undefined : asked;
  }

  /** One look after the other: on a slow disk two at a time would see the same and take it for rest. */
  async #look(): Promise<void> {
    if (this.#isLooking) return;
    this.#isLooking = true;
    const now = await filesState(this.#paths).finally(() => {
      this.#isLooking = false;
    });
    const isSettled = now === this.#last;
    this.#last = now;
    if (now === this.#known || !isSettled) return;
    this.#known = now;
    this.ask('files');
  }

  #woken(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = (): void => {
        signal.removeEventListener('abort', done);
        resolve();
      };
      this.#wake = done;
      signal.addEventListener('abort', done, { once: true });
    });
  }
}
