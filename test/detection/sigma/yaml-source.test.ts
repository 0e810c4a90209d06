import { expect } from 'chai';
import { YamlSource } from '../../../src/detection/sigma/yaml-source.ts';

const open = (text: string): YamlSource => {
  const source = new YamlSource('a.yml', text);
  if (source.documents[0]) source.enter(source.documents[0]);
  return source;
};

describe('detection/sigma/yaml-source', () => {
  it('keeps the spelling of numbers and booleans, and tells null from empty', () => {
    const source = open('{ a: 1.20, b: true, c: null, d: "", e: ~, f: 0x1F }');
    const map = source.map(source.documents[0]?.contents);
    const texts = map ? source.members(map).map((member) => source.text(member.value)) : [];
    expect(texts).to.deep.equal(['1.20', 'true', undefined, '', undefined, '0x1F']);
  });

  it('resolves aliases and merge keys', () => {
    const source = open('a: &x { p: 1, q: 2 }\nb: { <<: *x, q: 3 }\nc: *x');
    expect(source.data(source.documents[0]?.contents)).to.deep.equal({ a: { p: 1, q: 2 }, b: { p: 1, q: 3 }, c: { p: 1, q: 2 } });
  });

  it('counts lines and columns from one', () => {
    const source = open('a:\n  b: 1\n');
    const map = source.map(source.documents[0]?.contents);
    const inner = map && source.map(source.members(map)[0]?.value);
    expect(source.locationOf(inner)).to.deep.equal({ file: 'a.yml', line: 2, column: 3 });
  });

  it('takes a lone value for a list of one', () => {
    const source = open('[1, 2]');
    expect(source.list(source.documents[0]?.contents)).to.have.length(2);
    expect(source.list('x')).to.deep.equal(['x']);
  });
});
