import { expect } from 'chai';
import { Ledger } from '../../../src/detection/posture/ledger.ts';

describe('detection/posture/ledger', () => {
  it('gives up what was set longest ago, and counts it', () => {
    const ledger = new Ledger<number>(2);
    for (const [key, value] of Object.entries({ a: 1, b: 2 })) ledger.set(key, value);
    ledger.set('a', 3);
    ledger.set('c', 4);
    expect([...ledger]).to.deep.equal([
      ['a', 3],
      ['c', 4],
    ]);
    expect(ledger.givenUp).to.equal(1);
  });

  it('removes by the beginning of keys', () => {
    const ledger = new Ledger<number>(9);
    for (const key of ['shop/a', 'shop/b', 'shopping/a']) ledger.set(key, 1);
    ledger.deleteAll('shop/');
    expect([...ledger].map(([key]) => key)).to.deep.equal(['shopping/a']);
    expect([ledger.size, ledger.givenUp]).to.deep.equal([1, 0]);
  });
});
