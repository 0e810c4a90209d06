import { Fault } from '../core/faults.ts';

/** A time as people of one zone read it. */
export interface ZonedTime {
  /** `2026-05-04`. */
  readonly date: string;
  /** `09:14:22`. */
  readonly clock: string;
  /** `Z` or `+02:00`. */
  readonly offset: string;
}

/** Shows times in one zone (names of the IANA time zone database). */
export class ZoneClock {
  readonly zone: string;
  readonly #isUtc: boolean;
  readonly #format: Intl.DateTimeFormat;
  /** The last minute asked for: findings come in order of time, and the formatter is slow. */
  #minute = Number.NaN;
  #known = { date: '', clock: '', offset: '' };

  /** @throws Fault E_USAGE_TIMEZONE */
  constructor(zone: string) {
    try {
      this.#format = new Intl.DateTimeFormat('en-CA', {
        timeZone: zone,
        ...{ year: 'numeric', month: '2-digit', day: '2-digit' },
        ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZoneName: 'longOffset' },
      });
    } catch (cause) {
      throw new Fault('there is no such time zone', {
        code: 'E_USAGE_TIMEZONE',
        remedy: 'Write a name such as Europe/Vienna, or leave it out for the zone of this machine.',
        cause,
      });
    }
    this.zone = this.#format.resolvedOptions().timeZone;
    this.#isUtc = /^(UTC|Etc\/UTC|GMT)$/.test(this.zone);
  }

  /** @param text RFC 3339; anything else shows as it is in place of the clock. */
  show(text: string): ZonedTime {
    const timeMs = Date.parse(text);
    if (Number.isNaN(timeMs)) return { date: '', clock: text, offset: '' };
    if (this.#isUtc) {
      const iso = new Date(timeMs).toISOString();
      return { date: iso.slice(0, -14), clock: iso.slice(-13, -5), offset: 'Z' };
    }
    const minute = Math.floor(timeMs / 60_000);
    if (minute !== this.#minute) {
      this.#minute = minute;
      this.#known = this.#parts(minute * 60_000);
    }
    // Offsets of a zone are whole minutes since long ago.
    const seconds = Math.floor(timeMs / 1000) - minute * 60;
    return { ...this.#known, clock: `${this.#known.clock}:${String(seconds).padStart(2, '0')}` };
  }

  #parts(timeMs: number): ZonedTime {
    const parts = new Map(this.#format.formatToParts(timeMs).map(({ type, value }) => [type, value]));
    const part = (type: Intl.DateTimeFormatPartTypes): string => parts.get(type) ?? '';
    const offset = part('timeZoneName').slice(3);
    return {
      date: `${part('year')}-${part('month')}-${part('day')}`,
      clock: `${part('hour')}:${part('minute')}`,
      offset: offset === '' ? 'Z' : offset,
    };
  }
}
