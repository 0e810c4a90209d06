import { createHash } from 'node:crypto';
import { expect } from 'chai';
import { AgingFilter } from '../../src/state/aging-filter.ts';

const key = (n: number): string => createHash('sha256').update(String(n)).digest('hex').slice(0, 32);

describe('state/aging-filter', () => {
  it('knows everything it was given, and takes about one in a hundred others for known', () => {
    const filter = new AgingFilter(10_000, 1000);
    for (let n = 0; n < 10_000; n++) filter.add(key(n), 0);
    for (let n = 0; n < 10_000; n++) expect(filter.has(key(n), 500), String(n)).to.equal(true);
    let wrong = 0;
    for (let n = 10_000; n < 30_000; n++) if (filter.has(key(n), 500)) wrong++;
    expect(wrong).to.be.within(20, 500);
  });

  it('remembers for one to two time spans', () => {
    const filter = new AgingFilter(100, 1000);
    filter.add(key(1), 0);
    expect(filter.has(key(1), 1000)).to.equal(true);
    expect(filter.has(key(1), 1500)).to.equal(true);
    expect(filter.has(key(2), 1500)).to.equal(false);
    filter.add(key(2), 1600);
    filter.add(key(3), 2700);
    expect(filter.has(key(1), 2700)).to.equal(false);
    expect(filter.has(key(2), 2700)).to.equal(true);
    filter.add(key(4), 9000);
    expect(filter.has(key(3), 9000)).to.equal(false);
  });

  it('starts a new generation when one is full', () => {
    const filter = new AgingFilter(10, 1000);
    for (let n = 0; n < 25; n++) filter.add(key(n), 1);
    expect(filter.has(key(24), 1)).to.equal(true);
    expect(filter.has(key(12), 1)).to.equal(true);
    expect(filter.has(key(1), 1)).to.equal(false);
  });

  it('goes on from a snapshot', () => {
    const filter = new AgingFilter(10, 1000);
    for (let n = 0; n < 15; n++) filter.add(key(n), 5);
    const again = new AgingFilter(10, 1000, JSON.parse(JSON.stringify(filter.snapshot())) as ReturnType<AgingFilter['snapshot']>);
    for (let n = 0; n < 15; n++) expect(again.has(key(n), 6)).to.equal(true);
    expect(again.snapshot()).to.deep.equal(filter.snapshot());
  });
});
