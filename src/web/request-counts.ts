import type { Reading } from '../telemetry/readings.ts';

/** What the API answered, by call and status. Calls are the routes there are: nothing of a request is a label. */
export class RequestCounts {
  readonly #counts = new Map<string, { value: number; readonly labels: Readonly<Record<string, string>> }>();
  #dropped = 0;

  answered(call: string, status: number): void {
    const key = `${call} ${status}`;
    const known = this.#counts.get(key);
    if (known) known.value++;
    else this.#counts.set(key, { value: 1, labels: { call, status: String(status) } });
  }

  /** A connection beyond the bound, or one that could not be accepted. */
  dropped(): void {
    this.#dropped++;
  }

  readings(): readonly Reading[] {
    const refused = this.#dropped === 0 ? [] : [{ value: this.#dropped, labels: { call: 'connection', status: '0' } }];
    return [...this.#counts.values(), ...refused];
  }
}
