import { expect } from 'chai';
import { parseAnchor, splitPath } from '../../src/compile/member-path.ts';

describe('compile/member-path', () => {
  it('splits at dots, keeps quoted names whole', () => {
    expect(splitPath('a.*.c')).to.deep.equal(['a', '*', 'c']);
    expect(splitPath('annotations."a.b/c".x')).to.deep.equal(['annotations', 'a.b/c', 'x']);
  });

  for (const text of ['', '.', 'a.', 'a..b', '"a', '"a"b', '""']) {
    it(`refuses ${JSON.stringify(text)}`, () => {
      if (text === '') expect(splitPath(text)).to.deep.equal([]);
      else expect(() => splitPath(text)).to.throw(/not a path/);
    });
  }

  it('reads where a path starts', () => {
    expect(parseAnchor('event')).to.deep.equal({ from: 'event', names: [] });
    expect(parseAnchor('**')).to.deep.equal({ from: 'any', names: [] });
    expect(parseAnchor('event.user.extra')).to.deep.equal({ from: 'event', names: ['user', 'extra'] });
    expect(parseAnchor('**.env')).to.deep.equal({ from: 'any', names: ['env'] });
    expect(() => parseAnchor('user')).to.throw(/not a path/);
  });
});
