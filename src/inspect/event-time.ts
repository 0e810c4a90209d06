/**
 * Reads an RFC 3339 time in UTC as kube-apiserver writes it (`2026-05-04T09:12:33.127649Z`), also with an offset.
 * Returns microseconds since the epoch, or -1 where the text is no such time. Allocates nothing.
 */
export function readTimeUs(bytes: Uint8Array, start: number, end: number): number {
  if (end - start < 20 || bytes[start + 10] !== 84) return -1;
  const year = readDigits(bytes, start, 4);
  const month = readDigits(bytes, start + 5, 2);
  const day = readDigits(bytes, start + 8, 2);
  const hour = readDigits(bytes, start + 11, 2);
  const minute = readDigits(bytes, start + 14, 2);
  const second = readDigits(bytes, start + 17, 2);
  if ((year | month | day | hour | minute | second) < 0 || month < 1 || month > 12 || day < 1 || day > 31) return -1;
  let at = start + 19;
  let micros = 0;
  if (bytes[at] === 46) {
    let scale = 100_000;
    for (at++; at < end && isDigit(bytes[at]); at++, scale = Math.floor(scale / 10))
      micros += ((bytes[at] as number) - 48) * scale;
  }
  const offset = readOffset(bytes, at, end);
  if (Number.isNaN(offset)) return -1;
  return ((daysFromCivil(year, month, day) * 24 + hour) * 60 + minute - offset) * 60e6 + second * 1e6 + micros;
}

const isDigit = (byte: number | undefined): boolean => byte !== undefined && byte >= 48 && byte <= 57;

function readDigits(bytes: Uint8Array, start: number, count: number): number {
  let value = 0;
  for (let at = start; at < start + count; at++) {
    if (!isDigit(bytes[at])) return -1;
    value = value * 10 + (bytes[at] as number) - 48;
  }
  return value;
}

/** Minutes east of UTC; NaN where the text does not end in a zone. */
function readOffset(bytes: Uint8Array, at: number, end: number): number {
  if (bytes[at] === 90 && at + 1 === end) return 0;
  const sign = bytes[at] === 43 ? 1 : bytes[at] === 45 ? -1 : 0;
  const hours = readDigits(bytes, at + 1, 2);
  const minutes = readDigits(bytes, at + 4, 2);
  return sign === 0 || at + 6 !== end || (hours | minutes) < 0 ? Number.NaN : sign * (hours * 60 + minutes);
}

/** Days since 1970-01-01 of a date of the proleptic Gregorian calendar: years are counted from March. */
function daysFromCivil(year: number, month: number, day: number): number {
  const shifted = month <= 2 ? year - 1 : year;
  const era = Math.floor(shifted / 400);
  const yearOfEra = shifted - era * 400;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468;
}
