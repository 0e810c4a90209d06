import { expect } from 'chai';
import { isMuted, isTimeZone, type MuteWindow } from '../../src/routing/mute-window.ts';

const window = (given: Partial<MuteWindow>): MuteWindow => ({
  ...{ name: 'w', weekdays: [], from: '00:00', to: '00:00', timeZone: 'UTC' },
  ...given,
});
const holds = (given: Partial<MuteWindow>, at: string): boolean => isMuted(window(given), Date.parse(at));

describe('routing/mute-window', () => {
  it('begins at its first minute and ends before its last', () => {
    const day = { from: '09:00', to: '17:30' };
    expect(holds(day, '2026-11-25T08:59:59Z')).to.equal(false);
    expect(holds(day, '2026-11-25T09:00:00Z')).to.equal(true);
    expect(holds(day, '2026-11-25T17:29:59Z')).to.equal(true);
    expect(holds(day, '2026-11-25T17:30:00Z')).to.equal(false);
  });

  it('goes on past midnight on the day after the one it began on', () => {
    // 2026-11-27 is a Friday.
    const night = { weekdays: ['friday'] as const, from: '22:00', to: '06:00' };
    expect(holds(night, '2026-11-27T23:00:00Z')).to.equal(true);
    expect(holds(night, '2026-11-28T05:59:00Z')).to.equal(true);
    expect(holds(night, '2026-11-28T06:00:00Z')).to.equal(false);
    expect(holds(night, '2026-11-28T22:30:00Z')).to.equal(false);
    expect(holds(night, '2026-11-27T05:00:00Z')).to.equal(false);
  });

  it('is a whole day where it ends when it starts', () => {
    const sunday = { weekdays: ['sunday'] as const };
    expect(holds(sunday, '2026-11-29T00:00:00Z')).to.equal(true);
    expect(holds(sunday, '2026-11-29T23:59:59Z')).to.equal(true);
    expect(holds(sunday, '2026-11-30T00:00:00Z')).to.equal(false);
  });

  it('reads times and days in its own time zone, summer time too', () => {
    const berlin = { from: '08:00', to: '09:00', timeZone: 'Europe/Berlin' };
    expect(holds(berlin, '2026-07-01T06:30:00Z')).to.equal(true);
    expect(holds(berlin, '2026-12-01T06:30:00Z')).to.equal(false);
    expect(holds(berlin, '2026-12-01T07:30:00Z')).to.equal(true);
    expect(holds({ weekdays: ['monday'], timeZone: 'Pacific/Auckland' }, '2026-11-29T12:00:00Z')).to.equal(true);
  });

  it('applies from its start to its expiry', () => {
    const bounded = { starts: '2026-11-01', expires: '2026-12-01T00:00:00Z' };
    expect(holds(bounded, '2026-10-31T23:59:59Z')).to.equal(false);
    expect(holds(bounded, '2026-11-15T00:00:00Z')).to.equal(true);
    expect(holds(bounded, '2026-12-01T00:00:00Z')).to.equal(false);
  });

  it('knows which time zones there are', () => {
    expect(isTimeZone('Europe/Berlin')).to.equal(true);
    expect(isTimeZone('Europe/Atlantis')).to.equal(false);
  });
});
