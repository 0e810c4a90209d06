import { expect } from 'chai';
import { isoWeek, timePartOf } from '../../src/detection/time-part.ts';

describe('detection/time-part', () => {
  it('numbers weeks as ISO 8601 does, over the ends of years', () => {
    const table: readonly (readonly [number, number, number, number])[] = [
      [2026, 1, 1, 1],
      [2026, 5, 4, 19],
      [2027, 1, 1, 53],
      [2027, 1, 3, 53],
      [2027, 1, 4, 1],
      [2024, 12, 30, 1],
      [2023, 1, 1, 52],
      [2020, 12, 31, 53],
    ];
    for (const [year, month, day, week] of table) expect(isoWeek(year, month, day), `${year}-${month}-${day}`).to.equal(week);
  });

  it('takes parts as they are written, without a time zone', () => {
    const time = '2026-05-04T23:59:01.123456789-07:00';
    expect(timePartOf(time, 'minute')).to.equal(59);
    expect(timePartOf(time, 'hour')).to.equal(23);
    expect(timePartOf(time, 'day')).to.equal(4);
    expect(timePartOf(time, 'month')).to.equal(5);
    expect(timePartOf(time, 'year')).to.equal(2026);
    expect(timePartOf('2026-05-04', 'hour')).to.equal(undefined);
  });

  it('knows no time in other texts', () => {
    for (const text of ['', '2026', '2026-13-01', '2026-01-32', '20260504T0930Z', 'x2026-05-04', '2026-05-04T09:30:00Zx'])
      expect(timePartOf(text, 'year'), text).to.equal(undefined);
  });
});
