import { expect } from 'chai';
import fc from 'fast-check';
import { fitsPattern } from '../../src/routing/name-pattern.ts';

describe('routing/name-pattern', () => {
  it('takes a star for any text and everything else for itself', () => {
    expect(fitsPattern('kube-system', 'kube-*')).to.equal(true);
    expect(fitsPattern('kube-', 'kube-*')).to.equal(true);
    expect(fitsPattern('my-kube-system', 'kube-*')).to.equal(false);
    expect(fitsPattern('a.b', 'a?b')).to.equal(false);
    expect(fitsPattern('abc', 'a*b*c')).to.equal(true);
    expect(fitsPattern('ab', 'ab*b')).to.equal(false);
    expect(fitsPattern('', '*')).to.equal(true);
    expect(fitsPattern('x', '')).to.equal(false);
  });

  it('agrees with an expression that says the same', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '*', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, text, (name, pattern) => {
        const parts = pattern.split('*').map((part) => part.replaceAll('.', '\\.'));
        return fitsPattern(name, pattern) === new RegExp(`^${parts.join('.*')}$`).test(name);
      }),
    );
  });
});
