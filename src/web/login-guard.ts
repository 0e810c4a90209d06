import type { Clock } from '../core/clock.ts';
import { limits } from '../core/limits.ts';
import { StalestMap } from '../core/stalest-map.ts';

interface Failures {
  count: number;
  readonly sinceMs: number;
}

/** A minute's failures of one place, for a note. */
export interface FailedLogins {
  readonly address: string;
  readonly count: number;
}

const windowMs = 60_000;

/**
 * Counts wrong tokens by address, and refuses an address that sends too many. A token has 256 random bits, so this is not what keeps
 * guessers out: it keeps them from costing anything, and makes them seen.
 */
export class LoginGuard {
  readonly #clock: Clock;
  readonly #byAddress = new StalestMap<Failures>();
  readonly #unsaid = new Map<string, number>();
  #total = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Wrong tokens since the start. */
  get total(): number {
    return this.#total;
  }

  /** Seconds until the address may try again; 0: now. */
  waitSeconds(address: string): number {
    const failures = this.#byAddress.get(blockOf(address));
    if (!failures || failures.count < limits.webLoginFailures) return 0;
    return Math.max(0, Math.ceil((failures.sinceMs + windowMs - this.#clock.nowMs()) / 1000));
  }

  failed(address: string): void {
    const block = blockOf(address);
    const nowMs = this.#clock.nowMs();
    const before = this.#byAddress.get(block);
    this.#total++;
    if (before && nowMs - before.sinceMs < windowMs) before.count++;
    else this.#byAddress.setWithin(limits.webLoginAddresses, block, { count: 1, sinceMs: nowMs });
    if (this.#unsaid.has(block) || this.#unsaid.size < limits.webLoginAddresses)
      this.#unsaid.set(block, (this.#unsaid.get(block) ?? 0) + 1);
  }

  /** Failures since this was asked last. */
  takeUnsaid(): readonly FailedLogins[] {
    const taken = [...this.#unsaid].map(([address, count]) => ({ address, count }));
    this.#unsaid.clear();
    return taken;
  }
}

/** One host has many addresses of IPv6: those of one network of 64 bits count as one. */
function blockOf(address: string): string {
  const plain = address.replace(/^::ffff:(?=\d+\.)/, '');
  if (!plain.includes(':')) return plain;
  const [head = '', tail] = plain.split('::');
  const groups = head.split(':').filter((group) => group !== '');
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(':').filter((group) => group !== '').length;
  const whole = [...groups, ...Array.from({ length: missing }, () => '0'), ...(tail ?? '').split(':')];
  return `${whole.slice(0, 4).join(':')}::/64`;
}
