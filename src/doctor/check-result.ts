import { Fault, Faults } from '../core/faults.ts';

/** ok: as it should be. skipped: could not be looked at here. warning: works, and will or may not. failed: does not work. */
export type CheckState = 'ok' | 'skipped' | 'warning' | 'failed';

/** What one look at one thing gave. Texts of ours: never event data, keys or tokens. */
export interface CheckResult {
  readonly about: string;
  readonly state: CheckState;
  readonly what: string;
  /** What to do about it. */
  readonly remedy?: string;
}

/** Makes the results about one thing. */
export class Checking {
  readonly #about: string;

  constructor(about: string) {
    this.#about = about;
  }

  ok(what: string): CheckResult {
    return { about: this.#about, state: 'ok', what };
  }

  skipped(what: string, remedy?: string): CheckResult {
    return { about: this.#about, state: 'skipped', what, ...(remedy === undefined ? {} : { remedy }) };
  }

  warning(what: string, remedy: string): CheckResult {
    return { about: this.#about, state: 'warning', what, remedy };
  }

  failed(what: string, remedy?: string): CheckResult {
    return { about: this.#about, state: 'failed', what, ...(remedy === undefined ? {} : { remedy }) };
  }

  /** Results of work that throws faults where something is wrong. */
  async from(work: () => Promise<readonly CheckResult[]>): Promise<readonly CheckResult[]> {
    try {
      return await work();
    } catch (error) {
      if (error instanceof Fault) return [this.#fault(error)];
      if (error instanceof Faults) return error.faults.map((fault) => this.#fault(fault));
      const { code } = error as NodeJS.ErrnoException;
      return [this.failed(`could not be looked at (${code ?? 'unknown'})`)];
    }
  }

  #fault({ message, remedy, location }: Fault): CheckResult {
    const place = location === undefined ? '' : `${location.file}:${location.line}: `;
    return this.failed(`${place}${message}`, remedy);
  }
}
