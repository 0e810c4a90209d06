import { expect } from 'chai';
import fc from 'fast-check';
import { readTimeUs } from '../../src/inspect/event-time.ts';

const read = (text: string): number => readTimeUs(Buffer.from(`"${text}"`), 1, text.length + 1);

describe('inspect/event-time', () => {
  it('reads what Date.parse reads, with microseconds', () => {
    fc.assert(
      fc.property(fc.integer({ min: -6e13, max: 9e12 }), fc.integer({ min: 0, max: 999 }), (ms, micros) => {
        const text = new Date(ms).toISOString().replace('Z', `${String(micros).padStart(3, '0')}Z`);
        if (text.length === 27) expect(read(text)).to.equal(ms * 1000 + micros);
      }),
    );
  });

  it('reads whole seconds, short fractions, nanoseconds and offsets', () => {
    const second = Date.UTC(2026, 1, 28, 23, 59, 58) * 1000;
    expect(read('2026-02-28T23:59:58Z')).to.equal(second);
    expect(read('2026-02-28T23:59:58.5Z')).to.equal(second + 500_000);
    expect(read('2026-02-28T23:59:58.123456789Z')).to.equal(second + 123_456);
    expect(read('2026-03-01T01:29:58+01:30')).to.equal(second);
  });

  for (const text of [
    '',
    '2026-02-28',
    '2026-02-28 23:59:58Z',
    '2026-13-01T00:00:00Z',
    '2026-01-32T00:00:00Z',
    '2026-01-01T00:00:00',
    '2026-01-01T00:00:00Zx',
    'x026-01-01T00:00:00Z',
  ]) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      expect(read(text)).to.equal(-1);
    });
  }
});
