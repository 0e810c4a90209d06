import { isWrite, type PostureEvent } from './posture-event.ts';

/** Whether changes of some kinds of objects come with their bodies: without, nothing can be said of what was changed. */
export class BodyCount {
  readonly #what: string;
  #with = 0;
  #without = 0;

  /** @param what as it stands in a sentence: `workloads` */
  constructor(what: string) {
    this.#what = what;
  }

  observe(event: PostureEvent): void {
    if (!isWrite(event) || event.verb.startsWith('delete')) return;
    if (event.body === undefined && event.answer === undefined) this.#without++;
    else this.#with++;
  }

  /** Why not all can be seen; undefined where all can. */
  get blind(): string | undefined {
    const all = this.#with + this.#without;
    if (this.#without > 0) {
      const some = this.#with === 0 ? 'no change' : `${this.#without} of ${all} changes`;
      const without = this.#with === 0 ? 'is logged with its body' : 'are logged without their body';
      return `${some} of ${this.#what} ${without}: the audit policy needs level Request for them`;
    }
    return undefined;
  }

  /** As `blind`, for a practice that looked at nothing. */
  get nothing(): string {
    return this.blind ?? `no change of ${this.#what} is in this log`;
  }
}
