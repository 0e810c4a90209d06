import { expect } from 'chai';
import { retryAfterMs } from '../../../src/sinks/http/retry-after.ts';

describe('sinks/http/retry-after', () => {
  const now = Date.UTC(2026, 4, 4, 10, 0, 0);
  const waitFor = (header: string | undefined) => retryAfterMs(header, now);

  it('reads seconds and dates, an hour at most', () => {
    expect(waitFor('0')).to.equal(0);
    expect(waitFor(' 120 ')).to.equal(120_000);
    expect(waitFor('99999999999999999999')).to.equal(3_600_000);
    expect(waitFor('Mon, 04 May 2026 10:00:30 GMT')).to.equal(30_000);
    expect(waitFor('Mon, 04 May 2026 09:00:00 GMT')).to.equal(0);
    expect(waitFor('Mon, 04 May 2099 09:00:00 GMT')).to.equal(3_600_000);
  });

  it('takes nothing else', () => {
    for (const header of [undefined, '', '-5', '1.5', 'soon', '2026-05-04', 'Mon, 99 May 2026 10:00:30 GMT'])
      expect(waitFor(header), header).to.equal(undefined);
  });
});
