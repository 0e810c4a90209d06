import { expect } from 'chai';
import { limits } from '../../../src/core/limits.ts';
import type { PlanMatchCheck } from '../../../src/scan/plan.ts';
import { MatchCheck } from '../../../src/scan/reference/match-check.ts';

const nothing: PlanMatchCheck = { keywords: [], entropyBits: undefined, allow: [], companions: [] };

/** Whether the first place of `secret` counts as a match in the text. */
function accepts(check: Partial<PlanMatchCheck>, text: string, secret: string): boolean {
  const one = new MatchCheck({ ...nothing, ...check });
  const bytes = Buffer.from(text);
  const at = bytes.indexOf(secret);
  const end = at + Buffer.byteLength(secret);
  return one.opens(bytes) && one.accepts(bytes, at, end, at, end);
}

describe('scan/reference/match-check', () => {
  it('asks for one of the keywords, in any case and script', () => {
    expect(accepts({ keywords: ['token', 'schlüssel'] }, 'a TOKEN x', 'x')).to.equal(true);
    expect(accepts({ keywords: ['token', 'schlüssel'] }, 'Schlüssel x', 'x')).to.equal(true);
    expect(accepts({ keywords: ['token', 'schlüssel'] }, 'plain x', 'x')).to.equal(false);
  });

  it('asks for more bits a character than the bound', () => {
    expect(accepts({ entropyBits: 2 }, 'abcd', 'abcd')).to.equal(false);
    expect(accepts({ entropyBits: 1.99 }, 'abcd', 'abcd')).to.equal(true);
  });

  it('finds stopwords that hold signs of expressions', () => {
    const allow = [{ target: 'secret', expressions: [], stopwords: ['a.c', '(x'], all: false }] as const;
    expect(accepts({ allow }, '1A.C1', '1A.C1')).to.equal(false);
    expect(accepts({ allow }, '1abc1', '1abc1')).to.equal(true);
    expect(accepts({ allow }, '1(x', '1(x')).to.equal(false);
  });

  it('looks at the line as far as the limit goes', () => {
    const allow = [{ target: 'line', expressions: ['sample'], stopwords: [], all: false }] as const;
    const far = ' '.repeat(limits.checkedLineBytes);
    expect(accepts({ allow }, `sample\nkey\nsample`, 'key')).to.equal(true);
    expect(accepts({ allow }, `sample ${far.slice(8)}key`, 'key')).to.equal(false);
    expect(accepts({ allow }, `sample ${far}key`, 'key')).to.equal(true);
  });

  it('counts a companion as near where there are too many to look at', () => {
    const companion = { expression: 'user', group: 0, check: nothing, withinLines: 1, withinColumns: undefined };
    const users = 'user\n'.repeat(limits.companionMatches);
    expect(accepts({ companions: [companion] }, `${users}\n\n\nkey`, 'key')).to.equal(false);
    expect(accepts({ companions: [companion] }, `${users}user\n\n\nkey`, 'key')).to.equal(true);
  });

  it('takes time in proportion to a long line with many matches', () => {
    const text = Buffer.from('user key '.repeat(5_000));
    const one = new MatchCheck({
      ...nothing,
      allow: [{ target: 'line', expressions: ['sample'], stopwords: [], all: false }],
      companions: [{ expression: 'user', group: 0, check: nothing, withinLines: 0, withinColumns: 9 }],
    });
    expect(one.opens(text)).to.equal(true);
    let count = 0;
    for (let at = text.indexOf('key'); at >= 0; at = text.indexOf('key', at + 1))
      if (one.accepts(text, at, at + 3, at, at + 3)) count++;
    expect(count).to.equal(5_000);
  }).timeout(10_000);
});
