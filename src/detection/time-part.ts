import { valueTypes } from '../core/extracts.ts';
import type { ValueTest } from './condition.ts';

/** What Sigma's time modifiers take from a time, and which numbers that can be. */
export const timeParts = {
  minute: [0, 59],
  hour: [0, 23],
  day: [1, 31],
  week: [1, 53],
  month: [1, 12],
  year: [1, 9999],
} as const satisfies Readonly<Record<string, readonly [number, number]>>;
export type TimePart = keyof typeof timeParts;

/** Longest text that is looked at: a time with nanoseconds and an offset has 35 characters. */
const longestTime = 40;
const dayMs = 86_400_000;

/** Week of ISO 8601: week 1 is the one with the first Thursday of the year. */
export function isoWeek(year: number, month: number, day: number): number {
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  const thursdayMs = date.getTime() + (4 - (date.getUTCDay() || 7)) * dayMs;
  const first = new Date(0);
  first.setUTCFullYear(new Date(thursdayMs).getUTCFullYear(), 0, 1);
  return Math.floor((thursdayMs - first.getTime()) / dayMs / 7) + 1;
}

/** A part of a date (`2026-05-04`) or time (`2026-05-04T09:30:00.5Z`, RFC 3339) as it is written: no time zone is applied. */
export function timePartOf(text: string, part: TimePart): number | undefined {
  const match = /^(\d{4})-(\d\d)-(\d\d)(?:[Tt ](\d\d):(\d\d)(?::\d\d(?:\.\d+)?)?(?:[Zz]|[+-]\d\d:\d\d)?)?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  switch (part) {
    case 'year':
      return year;
    case 'month':
      return month;
    case 'day':
      return day;
    case 'week':
      return isoWeek(year, month, day);
    default: {
      const digits = part === 'hour' ? match[4] : match[5];
      return digits === undefined ? undefined : Number(digits);
    }
  }
}

/** A test of a part of a time; values that are no time fail it. */
export function timePartTest(part: TimePart, about: string, holds: (number: number) => boolean): ValueTest {
  return {
    about: `${part} ${about}`,
    test: (value) => {
      if (value.type > valueTypes.escaped || value.size > longestTime) return false;
      const number = timePartOf(value.text(), part);
      return number !== undefined && holds(number);
    },
  };
}
