import type { Finding } from '../core/finding.ts';
import { StalestMap } from '../core/stalest-map.ts';

export interface SuppressionOptions {
  /** Findings of one rule and one principal this close to the first are rolled into it. Default: an hour. */
  readonly windowMs?: number;
  /** Bound of rolls kept at once; the oldest is let go. */
  readonly maxRolls?: number;
  /** `first`: show the first finding at once and the number later. `last`: show each roll once, when it is over. */
  readonly show: 'first' | 'last';
}

interface Roll {
  readonly finding: Finding;
  readonly startMs: number;
  count: number;
  last: string;
}

const hourMs = 60 * 60 * 1000;
const defaultRolls = 10_000;

/** Repeats of the same thing become one finding with a number. */
export interface Suppression {
  /** What to show now. */
  offer(finding: Finding): readonly Finding[];
  /** Rolls that began more than the window before `timeMs` are over. */
  advance(timeMs: number): readonly Finding[];
  close(): readonly Finding[];
}

/** Who did it: the user, else the peer's address. Episodes are their own principal. */
function keyOf(finding: Finding): string {
  const { rule, event, episode } = finding;
  const principal = event.user || event.sourceIPs.at(-1) || '';
  return episode ? `${rule.id} episode ${episode.id}` : `${rule.id} ${finding.cluster} ${principal}`;
}

class RollUp implements Suppression {
  readonly #windowMs: number;
  readonly #maxRolls: number;
  readonly #show: SuppressionOptions['show'];
  readonly #rolls = new StalestMap<Roll>();

  constructor(options: SuppressionOptions) {
    this.#windowMs = options.windowMs ?? hourMs;
    this.#maxRolls = options.maxRolls ?? defaultRolls;
    this.#show = options.show;
  }

  offer(finding: Finding): readonly Finding[] {
    const key = keyOf(finding);
    const timeMs = Date.parse(finding.time);
    const roll = this.#rolls.get(key);
    if (finding.episode) return this.#offerEpisode(key, finding, timeMs);
    if (roll && Math.abs(timeMs - roll.startMs) <= this.#windowMs) {
      roll.count++;
      if (finding.time > roll.last) roll.last = finding.time;
      return [];
    }
    const over = roll ? this.#finish(key, roll) : [];
    return [...over, ...this.#start(key, { finding, startMs: timeMs, count: 1, last: finding.time })];
  }

  /** A later revision says all that the earlier one said. */
  #offerEpisode(key: string, finding: Finding, startMs: number): readonly Finding[] {
    if (this.#show === 'first') return [finding];
    this.#rolls.delete(key);
    return this.#start(key, { finding, startMs, count: 1, last: finding.time });
  }

  #start(key: string, roll: Roll): readonly Finding[] {
    const oldest = this.#rolls.setWithin(this.#maxRolls, key, roll);
    const shown = this.#show === 'first' ? [roll.finding] : [];
    return oldest ? [...shown, ...this.#finish(...oldest)] : shown;
  }

  #finish(key: string, roll: Roll): readonly Finding[] {
    this.#rolls.delete(key);
    const { finding, count, last } = roll;
    if (count === 1) return this.#show === 'last' ? [finding] : [];
    const revision = finding.revision + (this.#show === 'first' ? 1 : 0);
    return [{ ...finding, revision, rolledUp: { count, last } }];
  }

  advance(timeMs: number): readonly Finding[] {
    return [...this.#rolls]
      .filter(([, roll]) => timeMs - roll.startMs > this.#windowMs)
      .flatMap(([key, roll]) => this.#finish(key, roll));
  }

  close(): readonly Finding[] {
    return [...this.#rolls].flatMap(([key, roll]) => this.#finish(key, roll));
  }
}

export function createSuppression(options: SuppressionOptions): Suppression {
  return new RollUp(options);
}
