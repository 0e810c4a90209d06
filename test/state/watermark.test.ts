import { expect } from 'chai';
import { createWatermark } from '../../src/state/watermark.ts';

const s = 1e6;
const late = 300 * s;

describe('state/watermark', () => {
  it('follows the slowest busy source, less the lateness', () => {
    const watermark = createWatermark();
    watermark.observe('a', 1000 * s, 2000 * s);
    watermark.observe('b', 900 * s, 2000 * s);
    expect(watermark.currentUs(2000 * s)).to.equal(900 * s - late);
  });

  it('stops waiting for a source that is silent for half a minute', () => {
    const watermark = createWatermark();
    watermark.observe('a', 1000 * s, 2000 * s);
    watermark.observe('b', 1500 * s, 2031 * s);
    expect(watermark.currentUs(2030 * s)).to.equal(1000 * s - late);
    expect(watermark.currentUs(2031 * s)).to.equal(1500 * s - late);
  });

  it('never believes an event that is further ahead of its receipt than five seconds', () => {
    const watermark = createWatermark();
    watermark.observe('a', 9000 * s, 2000 * s);
    expect(watermark.currentUs(2000 * s)).to.equal(2005 * s - late);
  });

  it('never moves back, and stands at minus infinity before the first event', () => {
    const watermark = createWatermark({ latenessMs: 0 });
    expect(watermark.currentUs(0)).to.equal(Number.NEGATIVE_INFINITY);
    watermark.observe('a', 1000 * s, 1000 * s);
    expect(watermark.currentUs(1000 * s)).to.equal(1000 * s);
    watermark.observe('b', 10 * s, 1000 * s);
    expect(watermark.currentUs(1000 * s)).to.equal(1000 * s);
  });
});
