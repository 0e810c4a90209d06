import type { Clock } from '../../core/clock.ts';

const intervalMs = 60_000;
const kinds = 64;

/** Says each kind of notice at once, then once a minute at most, with how often it came: anyone who can connect can cause them. */
export class NoticeRate {
  readonly #clock: Clock;
  readonly #say: (notice: string, where: string) => void;
  readonly #said = new Map<string, { atMs: number; unsaid: number }>();

  constructor(clock: Clock, say: (notice: string, where: string) => void) {
    this.#clock = clock;
    this.#say = say;
  }

  say(notice: string, where: string): void {
    const nowMs = this.#clock.nowMs();
    const last = this.#said.get(notice);
    if (last && nowMs - last.atMs < intervalMs) {
      last.unsaid++;
      return;
    }
    if (!last && this.#said.size >= kinds) return;
    this.#said.set(notice, { atMs: nowMs, unsaid: 0 });
    this.#say(notice, last && last.unsaid > 0 ? `${where}, and ${last.unsaid} more before` : where);
  }
}
