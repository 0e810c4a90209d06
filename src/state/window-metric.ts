import type { Bound } from '../detection/rule.ts';
import type { Hit } from './hits.ts';
import type { WindowRule } from './window.ts';

/** The number of a window, kept up to date as hits come and go. */
export interface WindowMetric {
  enter(hit: Hit): void;
  leave(hit: Hit): void;
  /** With `last` as the hit the window ends with. */
  value(last: Hit): number;
}

class EventCount implements WindowMetric {
  #count = 0;

  enter(): void {
    this.#count++;
  }

  leave(): void {
    this.#count--;
  }

  value(): number {
    return this.#count;
  }
}

/** Distinct values, or the share of one value among all in percent. */
class ValueCounts implements WindowMetric {
  readonly #counts = new Map<Hit['value'], number>();
  readonly #isShare: boolean;
  #count = 0;

  constructor(isShare: boolean) {
    this.#isShare = isShare;
  }

  enter({ value }: Hit): void {
    this.#count++;
    this.#counts.set(value, (this.#counts.get(value) ?? 0) + 1);
  }

  leave({ value }: Hit): void {
    this.#count--;
    const left = (this.#counts.get(value) ?? 1) - 1;
    if (left === 0) this.#counts.delete(value);
    else this.#counts.set(value, left);
  }

  value({ value }: Hit): number {
    return this.#isShare ? ((this.#counts.get(value) ?? 0) / this.#count) * 100 : this.#counts.size;
  }
}

/** Sum or mean. Starts anew with an empty window, so that rounding does not add up for ever. */
class Sum implements WindowMetric {
  readonly #isMean: boolean;
  #sum = 0;
  #count = 0;

  constructor(isMean: boolean) {
    this.#isMean = isMean;
  }

  enter({ value }: Hit): void {
    this.#sum += Number(value);
    this.#count++;
  }

  leave({ value }: Hit): void {
    this.#count--;
    this.#sum = this.#count === 0 ? 0 : this.#sum - Number(value);
  }

  value(): number {
    return this.#isMean ? this.#sum / this.#count : this.#sum;
  }
}

/** Median (mean of the middle two) or percentile (nearest rank: the least value that so many percent do not exceed). */
class Ranks implements WindowMetric {
  readonly #percentile: number | undefined;
  readonly #sorted: number[] = [];

  constructor(percentile: number | undefined) {
    this.#percentile = percentile;
  }

  #indexOf(value: number): number {
    let low = 0;
    let high = this.#sorted.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] as number) < value) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  enter({ value }: Hit): void {
    this.#sorted.splice(this.#indexOf(Number(value)), 0, Number(value));
  }

  leave({ value }: Hit): void {
    this.#sorted.splice(this.#indexOf(Number(value)), 1);
  }

  value(): number {
    const { length } = this.#sorted;
    const at = (index: number): number => this.#sorted[index] ?? Number.NaN;
    if (this.#percentile !== undefined) return at(Math.max(0, Math.ceil((this.#percentile / 100) * length) - 1));
    return length % 2 === 1 ? at(length >> 1) : (at(length / 2 - 1) + at(length / 2)) / 2;
  }
}

/** The metric a rule asks for. */
export function createMetric({ type, percentile }: WindowRule): WindowMetric {
  switch (type) {
    case 'event_count':
      return new EventCount();
    case 'value_sum':
    case 'value_avg':
      return new Sum(type === 'value_avg');
    case 'value_median':
      return new Ranks(undefined);
    case 'value_percentile':
      return percentile === undefined ? new ValueCounts(true) : new Ranks(percentile);
    default:
      return new ValueCounts(false);
  }
}

/** Whether a number is as asked. */
export function meets(number: number, { operator, value }: Bound): boolean {
  switch (operator) {
    case 'gt':
      return number > value;
    case 'gte':
      return number >= value;
    case 'lt':
      return number < value;
    case 'lte':
      return number <= value;
    case 'eq':
      return number === value;
    case 'neq':
      return number !== value;
  }
}
