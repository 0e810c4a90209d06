import { expect } from 'chai';
import fc from 'fast-check';
import { splitAtGroup } from '../../src/scan/group-split.ts';
import { enginePattern } from '../../src/scan/pattern.ts';
import { findStepwise } from '../../src/scan/re2-pattern.ts';

const expressions: readonly (readonly [expression: string, group: number, text: string])[] = [
  ['(?i)(?:password|pwd)["\']?[:=]\\s*([^\\s"]+)', 1, '(?:PASSWORD|pwd)["\']?[:=] ?[a-z)("]{1,6} ?'],
  ['(a|b)x(?P<value>[0-9]{1,3})(?:;|$)', 2, '[abx0-9;]{1,12}'],
  ['[(\\]]([a-z]+)[)[:digit:]]', 1, '[()\\]a-c1]{1,10}'],
  ['(?:^|[^0-9])([0-9]{1,3}(?:\\.[0-9]{1,3}){3})\\b', 1, '(?:[0-9]{1,2}[. é]){1,9}'],
  ['\\((é+)\\)', 1, '[(é)]{1,9}'],
  ['x((a)|b)(c)?(d|(e))', 1, '[xabcde]{1,9}'],
];

describe('scan/group-split', () => {
  for (const [expression, group, text] of expressions) {
    it(`finds the same groups of ${expression} in one call as step by step`, () => {
      const pattern = enginePattern(expression);
      expect(splitAtGroup(expression, group)).not.to.equal(undefined);
      fc.assert(
        fc.property(fc.stringMatching(new RegExp(`^${text}$`, 'u')), (value) => {
          const bytes = Buffer.from(value);
          expect(pattern.findAll(bytes, group)).to.deep.equal(findStepwise(pattern, bytes, group));
        }),
        { numRuns: 300 },
      );
    });
  }

  it('searches step by step where a text holds the bytes used as marks', () => {
    const pattern = enginePattern('k=([a-z\\x01-\\x04]+)');
    const bytes = Buffer.from('k=a\u0001b k=\u0004 k=c');
    expect(pattern.findAll(bytes, 1)).to.deep.equal(findStepwise(pattern, bytes, 1));
    expect(pattern.findAll(bytes, 1)).to.have.length(12);
  });

  it('keeps flags at the start outside of the groups', () => {
    expect(splitAtGroup('(?is)a(b)c', 1)).to.deep.equal({ source: '(?is)(a)(b)(c)', before: 1, group: 2, after: 3 });
  });

  for (const [expression, why] of [
    ['a|(b)', 'a choice'],
    ['(?:a(b))', 'inside another group'],
    ['(a)+', 'repeated'],
    ['a(?i)(b)', 'after flags in the middle'],
    ['\\Q(\\E(a)', 'after quoted text'],
    ['ab', 'missing'],
  ] as const) {
    it(`leaves ${expression} alone: the group is ${why}`, () => {
      expect(splitAtGroup(expression, 1)).to.equal(undefined);
    });
  }
});
