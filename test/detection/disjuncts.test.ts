import { expect } from 'chai';
import { allOf, anyOf, negate } from '../../src/detection/condition.ts';
import { disjunctsOf } from '../../src/detection/disjuncts.ts';
import { atom } from '../support/conditions.ts';

// That the cases mean the same as the condition is a property in condition.test.ts.
describe('detection/disjuncts', () => {
  it('multiplies out alternatives that look at different fields', () => {
    expect(disjunctsOf(allOf([atom(0), anyOf([atom(1), atom(2)])]))).to.have.length(2);
  });

  it('leaves alternatives of one field alone', () => {
    expect(disjunctsOf(allOf([atom(0), anyOf([atom(1), atom(1)])]))).to.have.length(1);
  });

  it('leaves what stands under "not" alone', () => {
    expect(disjunctsOf(negate(anyOf([atom(1), atom(2)])))).to.have.length(1);
  });

  it('stops at eight cases', () => {
    const pair = (a: number) => anyOf([atom(a), atom(a + 1)]);
    expect(disjunctsOf(allOf([pair(0), pair(2), pair(4), pair(6), pair(8)]))).to.have.length(8);
  });
});
