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

  /** The counts by one label, as people read them: `this 3, that 1`; undefined where nothing was counted. */
  describe(label: string): string | undefined {
    const sums = new Map<string, number>();
    for (const { value, labels } of this.#counts.values())
      sums.set(labels[label] ?? '', (sums.get(labels[label] ?? '') ?? 0) + value);
    return sums.size === 0 ? undefined : [...sums].map(([name, value]) => `${name} ${value}`).join(', ');
  }
}
