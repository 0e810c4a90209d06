import { expect } from 'chai';
import fc from 'fast-check';
import { faultsOf, matches, ruleOf } from '../../support/rules.ts';

const selections = 'sel_a: { a: 1 }\nsel_b: { b: 1 }\n_hidden: { c: 1 }\n';
const holds = (condition: string, event: unknown): boolean => matches(ruleOf(`${selections}condition: ${condition}`), event);

describe('detection/sigma/condition-expression', () => {
  it('binds "not" before "and" before "or"', () => {
    fc.assert(
      fc.property(fc.boolean(), fc.boolean(), fc.boolean(), (a, b, c) => {
        const event = { a: a ? 1 : 0, b: b ? 1 : 0, c: c ? 1 : 0 };
        expect(holds('sel_a or sel_b and not _hidden', event)).to.equal(a || (b && !c));
        expect(holds('(sel_a or sel_b) and not not _hidden', event)).to.equal((a || b) && c);
        expect(holds('not (sel_a and sel_b) OR _hidden', event)).to.equal(!(a && b) || c);
        expect(holds('1 of sel_*', event)).to.equal(a || b);
        expect(holds('any of sel_*', event)).to.equal(a || b);
        expect(holds('all of sel*', event)).to.equal(a && b);
        expect(holds('1 of them', event)).to.equal(a || b);
        expect(holds('all of them and not _hidden', event)).to.equal(a && b && !c);
        expect(holds('[sel_a and sel_b, _hidden]', event)).to.equal((a && b) || c);
      }),
    );
  });

  it('refuses what is no condition and says where', () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['sel_a and nosuch', 'the selection "nosuch" does not exist'],
      ['sel_a and', 'ends where a selection is expected'],
      ['(sel_a', 'closing parenthesis'],
      ['sel_a sel_b', '"sel_b" is not expected'],
      ['2 of sel_*', 'not part of Sigma'],
      ['1 of no_*', 'no selection fits'],
      ['sel_a | count() > 3', 'correlation rule'],
      [`${'('.repeat(200)}sel_a${')'.repeat(200)}`, 'nests deeper'],
    ];
    for (const [condition, part] of wrong) {
      const faults = faultsOf(ruleOf(`${selections}condition: '${condition}'`));
      expect(faults, condition).to.have.length(1);
      expect(faults[0], condition)
        .to.match(/^8:14 E_RULE_CONDITION/)
        .and.to.include(part);
    }
  });
});
