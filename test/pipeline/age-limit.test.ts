import { expect } from 'chai';
import { AgeLimit, type Skipped } from '../../src/pipeline/age-limit.ts';
import { maskedRecord } from '../support/masked-record.ts';

const at = (ms: number) => maskedRecord({}, { receivedAtUs: ms * 1000 });

describe('pipeline/age-limit', () => {
  it('passes over what is older, counts it, and says when that begins and what it was once it is over', () => {
    const told: Skipped[] = [];
    let nowMs = 1_000;
    const limit = new AgeLimit({ maxAgeMs: 100, nowMs: () => nowMs, skipped: (skipped) => told.push(skipped) });
    const young = [at(900), at(950)];
    expect(limit.fresh(young)).to.equal(young);
    limit.delivered();
    expect(told).to.deep.equal([]);
    expect(limit.fresh([at(700), at(899), at(900)])).to.deep.equal([at(900)]);
    nowMs = 2_000;
    expect(limit.fresh([at(900), at(1_000)])).to.deep.equal([]);
    expect(told).to.deep.equal([{ records: 2, firstUs: 700_000, lastUs: 899_000, isOver: false }]);
    limit.delivered();
    limit.delivered();
    expect(told.slice(1)).to.deep.equal([{ records: 4, firstUs: 700_000, lastUs: 1_000_000, isOver: true }]);
  });
});
