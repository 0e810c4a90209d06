import { h } from './dom.ts';

const clock = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });
const day = new Intl.DateTimeFormat('en-GB', { day: '2-digit', month: 'short' });
const year = new Intl.DateTimeFormat('en-GB', { year: 'numeric' });

/** In the zone of the browser: the clock, with the day before it where that is not today, and the year where it is another. */
export function localText(ms: number, nowMs = Date.now()): string {
  if (!Number.isFinite(ms)) return 'unknown time';
  const [date, now] = [new Date(ms), new Date(nowMs)];
  if (date.toDateString() === now.toDateString()) return clock.format(date);
  const other = date.getFullYear() === now.getFullYear() ? '' : ` ${year.format(date)}`;
  return `${day.format(date)}${other} ${clock.format(date)}`;
}

export function utcText(ms: number): string {
  return Number.isFinite(ms) ? `${new Date(ms).toISOString().replace('T', ' ').replace('Z', '')} UTC` : 'unknown time';
}

/** A time in the local zone; UTC shows when the pointer rests on it. */
export function timeNode(time: string | number): HTMLTimeElement {
  const ms = typeof time === 'number' ? time : Date.parse(time);
  return h('time', { datetime: Number.isFinite(ms) ? new Date(ms).toISOString() : '', title: utcText(ms) }, localText(ms));
}

/** Texts below a time axis, from seconds: clocks, with the day where one begins, days alone where steps are days. */
export function tickTexts(ticks: readonly number[], stepS: number): readonly string[] {
  let before = '';
  return ticks.map((tick) => {
    const date = new Date(tick * 1000);
    const today = day.format(date);
    if (stepS >= 86_400) return today;
    const text = clock.format(date).slice(0, stepS < 60 ? 8 : 5);
    const isNew = before !== '' && before !== today;
    before = today;
    return isNew ? `${text}\n${today}` : text;
  });
}

const units = [
  [86_400, 'd'],
  [3600, 'h'],
  [60, 'min'],
] as const;

/** `340 ms`, `12 s`, `5 min`, `3 h`, `2 d`. */
export function spanText(ms: number): string {
  if (ms < 1000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1000);
  for (const [length, unit] of units) if (seconds >= length) return `${Math.floor(seconds / length)} ${unit}`;
  return `${seconds} s`;
}
