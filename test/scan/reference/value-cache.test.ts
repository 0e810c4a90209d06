import { expect } from 'chai';
import { ValueCache } from '../../../src/scan/reference/value-cache.ts';

describe('scan/reference/value-cache', () => {
  it('remembers what is used and forgets what is not, in bounded memory', () => {
    const cache = new ValueCache<number>(4);
    cache.set('used', 1);
    cache.set('unused', 2);
    for (let i = 0; i < 20; i++) {
      expect(cache.get('used')).to.equal(1);
      cache.set(`one of many ${i}`, i);
    }
    expect(cache.get('unused')).to.equal(undefined);
    expect(cache.get('one of many 0')).to.equal(undefined);
  });
});
