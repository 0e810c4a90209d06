import { expect } from 'chai';
import { Faults } from '../../../src/core/faults.ts';
import type { GitleaksFile } from '../../../src/masking/gitleaks/gitleaks-file.ts';
import { readGitleaks } from '../../../src/masking/gitleaks/read-gitleaks.ts';

const read = (text: string): GitleaksFile => readGitleaks({ file: 'g.toml', text });

describe('masking/gitleaks/read-gitleaks', () => {
  it('reads keys in any case, inline tables and dotted keys, as gitleaks does', () => {
    const { rules, extend, faults } = read(
      `extend.usedefault = true\nrules = [{ ID = 'one', Regex = 'a', SECRETGROUP = 0, Entropy = 3, keywords = 'Ab,cD', allowlists = [{ stopWords = ['X', 'x'] }] }]`,
    );
    expect(faults).to.deep.equal([]);
    expect(extend.useDefault).to.equal(true);
    expect(rules[0]).to.include({ id: 'one', regex: 'a', entropy: 3 });
    expect(rules[0]!.keywords).to.deep.equal(['ab', 'cd']);
    expect(rules[0]!.allowlists[0]!.stopwords).to.deep.equal(['x']);
  });

  it('notes unknown keys with their place and goes on', () => {
    const { notices, faults } = read(`[[rules]]\nid = 'one'\nregex = 'a'\n  keyword = ['a']\n[meta]\nowner = 'x'`);
    expect(faults).to.deep.equal([]);
    expect(notices.map(({ line, column, message }) => [line, column, message.split('.')[0]])).to.deep.equal([
      [5, 1, '`meta` is unknown to gitleaks 8 and has no effect'],
      [4, 3, '`keyword` is unknown to gitleaks 8 and has no effect'],
    ]);
    expect(notices[1]!.message).to.include('`keywords`');
  });

  it('collects what has the wrong type', () => {
    const { faults } = read(`[[rules]]\nid = 7\nregex = 'a'\nentropy = 'high'\nkeywords = [1]\n[allowlist]\nregexes = 'a('`);
    expect(faults.map(({ location, message }) => `${location?.line} ${message.replace(/: .*/, '')}`)).to.deep.equal([
      '2 id is not a text',
      '1 a rule has no id',
      '4 entropy is not a number from 0 on',
      '5 keywords is not a list of texts',
      '7 not a valid expression',
    ]);
  });

  it('says where a file is not TOML', () => {
    for (const [text, line] of [
      ['a = 1\nb = ', 2],
      ['a = 1\na = 2\n', 2],
      ["a = '''x\n\n", 3],
    ] as const) {
      expect(() => read(text))
        .to.throw(Faults)
        .with.property('faults')
        .that.satisfies((faults: Faults['faults']) => faults[0]?.code === 'E_GITLEAKS_TOML' && faults[0].location?.line === line);
    }
  });
});
