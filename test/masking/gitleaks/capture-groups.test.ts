import { expect } from 'chai';
import { captureGroups, isLiteral } from '../../../src/masking/gitleaks/capture-groups.ts';

describe('masking/gitleaks/capture-groups', () => {
  it('finds groups, named ones too, and not what only looks like one', () => {
    const texts = (expression: string): readonly string[] => captureGroups(expression).map(({ text }) => text);
    expect(texts('a(b)(?:c)(?P<n>d)(?<m>e)(?i)(?i:f)')).to.deep.equal(['b', 'd', 'e']);
    expect(texts('\\((a)[(](b)[^)(](c)\\Q(x)\\E(d)')).to.deep.equal(['a', 'b', 'c', 'd']);
    expect(texts('[](](a)[[:alpha:](](b)')).to.deep.equal(['a', 'b']);
    expect(texts('plain')).to.deep.equal([]);
  });

  it('knows nested, repeated and literal groups', () => {
    expect(captureGroups('((a)b)(c){3}(?:(d)-)+(e)?')).to.deep.equal([
      { text: '(a)b', nested: false, repeated: false },
      { text: 'a', nested: true, repeated: false },
      { text: 'c', nested: false, repeated: true },
      { text: 'd', nested: false, repeated: true },
      { text: 'e', nested: false, repeated: false },
    ]);
    expect(captureGroups('(abc)(a\\.b)(a.b)(a|b)(\\d)').map(isLiteral)).to.deep.equal([true, true, false, false, false]);
  });
});
