export const weekdays = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof weekdays)[number];

/** A time in which routes that name it send nothing. Days and times of day are those of `timeZone`. */
export interface MuteWindow {
  readonly name: string;
  /** Days on which it begins; without any, every day. */
  readonly weekdays: readonly Weekday[];
  /** `HH:MM`. An end before the start lies on the next day; an end at the start means a whole day. */
  readonly from: string;
  readonly to: string;
  /** IANA name, for example `Europe/Berlin`. */
  readonly timeZone: string;
  /** RFC 3339 or a date; before it the window does not apply. */
  readonly starts?: string | undefined;
  /** From then on it no longer applies. */
  readonly expires?: string | undefined;
}

const minutesOfDay = 24 * 60;

/** Whether a window holds at a moment, in milliseconds since the epoch. */
export function isMuted(window: MuteWindow, atMs: number): boolean {
  if (window.starts !== undefined && atMs < Date.parse(window.starts)) return false;
  if (window.expires !== undefined && atMs >= Date.parse(window.expires)) return false;
  const { day, minute } = localTime(window.timeZone, atMs);
  const from = minuteOf(window.from);
  const to = minuteOf(window.to);
  const length = (to - from + minutesOfDay) % minutesOfDay || minutesOfDay;
  const sinceToday = minute - from;
  if (sinceToday >= 0 && sinceToday < length && beginsOn(window, day)) return true;
  const sinceYesterday = sinceToday + minutesOfDay;
  return sinceYesterday < length && beginsOn(window, (day + 6) % 7);
}

function beginsOn(window: MuteWindow, day: number): boolean {
  const word = weekdays[day];
  return window.weekdays.length === 0 || (word !== undefined && window.weekdays.includes(word));
}

function minuteOf(time: string): number {
  const [hours = '0', minutes = '0'] = time.split(':');
  return Number(hours) * 60 + Number(minutes);
}

const clocks = new Map<string, Intl.DateTimeFormat>();

/** Making a formatter costs more than asking it; a configuration names few time zones. */
function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    timeZone,
    weekday: 'long',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  });
  clocks.set(timeZone, made);
  return made;
}

/** Day counts from Monday as 0. */
function localTime(timeZone: string, atMs: number): { readonly day: number; readonly minute: number } {
  const parts = new Map(
    clockOf(timeZone)
      .formatToParts(atMs)
      .map(({ type, value }) => [type, value]),
  );
  const day = weekdays.indexOf((parts.get('weekday') ?? '').toLowerCase() as Weekday);
  return { day, minute: Number(parts.get('hour')) * 60 + Number(parts.get('minute')) };
}

/** Whether the platform knows a time zone by this name. */
export function isTimeZone(name: string): boolean {
  try {
    clockOf(name);
    return true;
  } catch {
    return false;
  }
}
