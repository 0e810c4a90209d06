import { expect } from 'chai';
import { summaryOf } from '../../src/findings/summary.ts';
import { bare, full } from './support.ts';

describe('findings/summary', () => {
  it('says who did what to what, from where, and how often', () => {
    expect(summaryOf(full)).to.equal(
      'Administrator role bound: create pods/exec shop/web-0 by [MASKED:user:k1:0011223344556677] from 192.0.2.7 answered 201 (7 times)',
    );
  });

  it('is the name of the rule where nothing is known', () => {
    expect(summaryOf(bare)).to.equal('Stub');
  });

  it('says what the rule itself says, where it has words of its own', () => {
    const output = { text: 'Pod read (user=x)', fields: {}, priority: 'notice' };
    expect(summaryOf({ ...full, output })).to.match(/^.+: Pod read \(user=x\)( \(\d+ times\))?$/);
  });
});
