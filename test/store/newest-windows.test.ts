import { expect } from 'chai';
import { newestWindows } from '../../src/store/newest-windows.ts';

const hourMs = 3_600_000;

describe('store/newest-windows', () => {
  it('begins with the last hours and ends with all of the range', () => {
    const untilMs = 1_000 * hourMs;
    const hours = (sinceMs: number) =>
      [...newestWindows({ sinceMs, untilMs })].map((range) => (untilMs - range.sinceMs) / hourMs);
    expect(hours(untilMs - 720 * hourMs)).to.deep.equal([6, 48, 384, 720]);
    expect(hours(untilMs - 6 * hourMs)).to.deep.equal([6]);
    expect(hours(untilMs - hourMs)).to.deep.equal([1]);
    expect([...newestWindows({ sinceMs: 0, untilMs: Date.UTC(2026, 4, 4) })].length).to.be.lessThan(10);
    const endless = { sinceMs: Number.NEGATIVE_INFINITY, untilMs: Number.POSITIVE_INFINITY };
    expect([...newestWindows(endless)].at(-1)).to.deep.equal(endless);
  });
});
