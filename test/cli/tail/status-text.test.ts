import { expect } from 'chai';
import { statusText } from '../../../src/cli/tail/status-text.ts';

describe('cli/tail/status-text', () => {
  it('says rate, lag, masked values, drops and sinks, those in trouble first', () => {
    const sinks = [
      { name: 'kafka', state: 'delivering', behind: 0 },
      { name: 'slack', state: 'failing', behind: 2_500_000 },
    ];
    expect(
      statusText({ eventsPerSecond: 3412.4, lagMs: 412, masked: 18220, dropped: 0, sinks, problems: ['LOG FULL'] }),
    ).to.equal('LOG FULL | 3,412 ev/s | lag 0.4s | masked 18,220 | dropped 0 | sinks slack failing 2.4 MB behind, kafka ok');
  });

  it('says a long lag in a unit that can be read', () => {
    expect(statusText({ lagMs: 4_229_400, problems: [] })).to.match(/^lag 70m \|/);
    expect(statusText({ lagMs: 59_940, problems: [] })).to.match(/^lag 59\.9s \|/);
  });

  it('says what nobody could tell', () => {
    expect(statusText({ logBytesPerSecond: 0, problems: [] })).to.equal(
      'log +0 B/s | unknown: events, lag, masked, dropped, sinks',
    );
    expect(statusText({ eventsPerSecond: 1.25, masked: 1, dropped: 0, sinks: [], problems: [] })).to.equal(
      '1.3 ev/s | masked 1 | dropped 0 | sinks none | unknown: lag',
    );
  });
});
