import { expect } from 'chai';
import { YamlSource } from '../../../src/detection/sigma/yaml-source.ts';

const faultsOf = (text: string): string[] =>
  new YamlSource('rule.yml', text).faults.map(({ message, location }) => `${location?.line}:${location?.column} ${message}`);

describe('detection/sigma/yaml-structure', () => {
  it('takes aliases and merged maps, and gives merged members after the own ones', () => {
    const source = new YamlSource('rule.yml', 'base: &base { verb: get, code: 200 }\nrule:\n  code: 403\n  <<: *base\n');
    expect(source.faults).to.deep.equal([]);
    const [document] = source.documents;
    if (!document) throw new Error('no document');
    source.enter(document);
    const root = source.map(document.contents);
    const rule = root && source.members(root).find(({ name }) => name === 'rule');
    const map = source.map(rule?.value);
    expect(map && source.members(map).map(({ name, value }) => [name, source.text(value)])).to.deep.equal([
      ['code', '403'],
      ['verb', 'get'],
    ]);
  });

  it('names the place of a merge that is no map', () => {
    expect(faultsOf('title: x\n<<: text\n')).to.have.lengthOf(1);
    expect(faultsOf('title: x\n<<: text\n')[0]).to.match(/^2:1 .*takes in maps/);
  });

  it('names the place of an alias without an anchor', () => {
    expect(faultsOf('title: *nothing\n').join()).to.match(/^1:\d+ /);
  });

  it('refuses what holds itself, and keys that are no texts', () => {
    expect(faultsOf('a: &a\n  b: *a\n').join()).to.contain('stands inside of what it names');
    expect(faultsOf('? [a, b]\n: 1\n').join()).to.contain('a key must be a text');
  });

  it('refuses aliases that multiply beyond what anybody could read', () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
    for (let i = 1; i <= 8; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ')}]`);
    expect(faultsOf(`${lines.join('\n')}\n`).join()).to.contain('aliases stand for');
  });
});
