import { expect } from 'chai';
import fc from 'fast-check';
import { type Atom, allOf, anyOf, atomsOf, evaluate, evaluatePartly, negate } from '../../src/detection/condition.ts';
import { disjunctsOf } from '../../src/detection/disjuncts.ts';
import { atom, conditions, fields, truths } from '../support/conditions.ts';

describe('detection/condition', () => {
  it('says "false" of a partly known condition only when no completion makes it true', () => {
    fc.assert(
      fc.property(
        conditions,
        truths,
        fc.array(fc.boolean(), { minLength: fields, maxLength: fields }),
        (condition, truth, known) => {
          const field = (item: Atom): number => item.sources[0]?.field ?? 0;
          const partly = evaluatePartly(condition, (item) => (known[field(item)] ? truth[field(item)] : undefined));
          const whole = evaluate(condition, (item) => truth[field(item)] === true);
          if (partly !== undefined) expect(partly).to.equal(whole);
        },
      ),
    );
  });

  it('splits into cases of which one holds exactly when the condition holds', () => {
    fc.assert(
      fc.property(conditions, truths, (condition, truth) => {
        const holds = (item: Atom): boolean => truth[item.sources[0]?.field ?? 0] === true;
        const cases = disjunctsOf(condition);
        expect(cases.length).to.be.within(0, 8);
        expect(cases.some((item) => evaluate(item, holds))).to.equal(evaluate(condition, holds));
      }),
    );
  });

  it('flattens nested conjunctions and takes double negation away', () => {
    expect(allOf([atom(0), allOf([atom(1), atom(2)])]))
      .to.have.property('items')
      .with.length(3);
    expect(anyOf([atom(0)])).to.deep.equal(atom(0));
    expect(negate(negate(atom(0)))).to.deep.equal(atom(0));
  });

  it('lists atoms in reading order', () => {
    expect(atomsOf(allOf([atom(2), negate(anyOf([atom(0), atom(1)]))])).map((item) => item.name)).to.deep.equal([
      'f2',
      'f0',
      'f1',
    ]);
  });
});
