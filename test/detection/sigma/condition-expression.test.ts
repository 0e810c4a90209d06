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
    const wrong: readonly (readonly [string, number, string])[] = [
      ['sel_a and nosuch', 11, 'the selection "nosuch" does not exist'],
      ['sel_a and', 7, 'ends where a selection is expected'],
      ['(sel_a', 2, 'closing parenthesis'],
      ['sel_a sel_b', 7, '"sel_b" is not expected'],
      ['sel_a) or sel_b', 6, '")" is not expected'],
      ['2 of sel_*', 3, 'not part of Sigma'],
      ['1 of no_*', 6, 'no selection fits'],
      ['all of', 5, 'needs "them" or a pattern'],
      ['sel_a | count() > 3', 7, 'correlation rule'],
      [`${'('.repeat(200)}sel_a${')'.repeat(200)}`, 100, 'nests deeper'],
    ];
    for (const [condition, column, part] of wrong) {
      const faults = faultsOf(ruleOf(`${selections}condition: '${condition}'`));
      expect(faults, condition).to.have.length(1);
      expect(faults[0], condition).to.include(`8:${14 + column} E_RULE_CONDITION`);
      expect(faults[0], condition).to.include(part);
    }
  });

  it('points into a condition that stands without quotes, and at the start of one over several lines', () => {
    expect(faultsOf(ruleOf(`${selections}condition: sel_a or nosuch`))[0]).to.match(/^8:23 /);
    expect(faultsOf(ruleOf(`${selections}condition: >\n    sel_a or\n    nosuch`))[0]).to.match(/^8:14 /);
  });
});
