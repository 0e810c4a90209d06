import { expect } from 'chai';
import { formatTime } from '../../src/core/format-time.ts';

describe('core/format-time', () => {
  it('writes microseconds in UTC', () => {
    expect(formatTime(Date.UTC(2026, 4, 4, 9, 0, 0, 120) * 1000 + 7)).to.equal('2026-05-04T09:00:00.120007Z');
    expect(formatTime(0)).to.equal('1970-01-01T00:00:00.000000Z');
  });

  it('gives the epoch for what is no time', () => {
    expect(formatTime(Number.NaN)).to.equal('1970-01-01T00:00:00.000000Z');
    expect(formatTime(1e30)).to.equal('1970-01-01T00:00:00.000000Z');
  });
});
