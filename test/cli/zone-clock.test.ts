import { expect } from 'chai';
import { ZoneClock } from '../../src/cli/zone-clock.ts';

describe('cli/zone-clock', () => {
  it('shows times in UTC and in zones, across a change to summer time', () => {
    const at = (zone: string, time: string): string => Object.values(new ZoneClock(zone).show(time)).join(' ');
    expect(at('UTC', '2026-05-04T09:14:22.123456Z')).to.equal('2026-05-04 09:14:22 Z');
    expect(at('Europe/Vienna', '2026-03-29T00:59:59Z')).to.equal('2026-03-29 01:59:59 +01:00');
    expect(at('Europe/Vienna', '2026-03-29T01:00:00Z')).to.equal('2026-03-29 03:00:00 +02:00');
    expect(at('Asia/Kathmandu', '2026-05-04T23:00:01+00:00')).to.equal('2026-05-05 04:45:01 +05:45');
  });

  it('remembers no minute for another one', () => {
    const clock = new ZoneClock('America/New_York');
    expect(
      ['2026-05-04T09:14:22Z', '2026-05-04T09:15:01Z', '2026-05-04T09:14:59Z'].map((time) => clock.show(time).clock),
    ).to.deep.equal(['05:14:22', '05:15:01', '05:14:59']);
  });

  it('shows what is no time as it is, and refuses what is no zone', () => {
    expect(new ZoneClock('UTC').show('soon')).to.deep.equal({ date: '', clock: 'soon', offset: '' });
    expect(() => new ZoneClock('Mars/Olympus')).to.throw('there is no such time zone');
  });
});
