import type { Reading } from '../telemetry/readings.ts';

/** Counts by labels. The number of label sets is bounded by what names them: configuration, packs, rules, our own words. */
export class Counts {
  readonly #counts = new Map<string, { value: number; readonly labels: Readonly<Record<string, string>> }>();

  add(labels: Readonly<Record<string, string>>, value = 1): void {
    const key = Object.values(labels).join('\u0000');
    const entry = this.#counts.get(key);
    if (entry) entry.value += value;
    else this.#counts.set(key, { value, labels });
  }

  readings(): readonly Reading[] {
    return [...this.#counts.values()];
  }
}
