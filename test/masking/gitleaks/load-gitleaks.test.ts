import { expect } from 'chai';
import { Faults } from '../../../src/core/faults.ts';
import { type GitleaksPack, loadGitleaks } from '../../../src/masking/gitleaks/load-gitleaks.ts';
import { readGitleaks } from '../../../src/masking/gitleaks/read-gitleaks.ts';
import { lineMasker, standard } from '../support/mask-lines.ts';

/** Loads files, nearest first: the first extends the second. */
function load(...texts: readonly string[]): GitleaksPack {
  return loadGitleaks(
    'test',
    texts.map((text, i) => readGitleaks({ file: `f${i}.toml`, text })),
  );
}

/** What becomes of a text that is the value of a ConfigMap's key. */
function masker(...files: readonly string[]): (text: string) => string {
  const mask = lineMasker([load(...files).pack], standard);
  return (text) => {
    const out = mask(JSON.stringify({ kind: 'Event', requestObject: { kind: 'ConfigMap', data: { a: text } } }))!;
    return (JSON.parse(out) as { requestObject: { data: { a: string } } }).requestObject.data.a;
  };
}

function faultsOf(...files: readonly string[]): readonly string[] {
  try {
    load(...files);
  } catch (error) {
    if (error instanceof Faults)
      return error.faults.map(({ location, message }) => `${location?.file}:${location?.line}: ${message}`);
    throw error;
  }
  return [];
}

const rule = (more = '', id = 'one', regex = 'tok_([a-z0-9]{8})'): string =>
  `[[rules]]\nid = "${id}"\nregex = '''${regex}'''\n${more}\n`;

describe('masking/gitleaks/load-gitleaks', () => {
  it('masks the group, the first group that holds text, the group that secretGroup names, or the match', () => {
    expect(masker(rule())('x tok_abcd1234 y')).to.equal('x tok_[MASKED:one] y');
    expect(masker(rule('', 'one', 'a=([0-9]{4})|b=([0-9]{4})'))('a=1234 b=5678')).to.equal('a=[MASKED:one] b=[MASKED:one]');
    expect(masker(rule('secretGroup = 2', 'one', '(id)=([0-9]{4})'))('id=1234')).to.equal('id=[MASKED:one]');
    expect(masker(rule('', 'one', 'key-[0-9]{4}'))('key-1234')).to.equal('[MASKED:one]');
    expect(masker(rule('', 'one', 'v=([0-9]{4})?x'))('v=x v=1234x')).to.equal('[MASKED:one] v=[MASKED:one]x');
  });

  it('masks the whole match where a group only groups, so that no part of the secret stays', () => {
    expect(masker(rule('', 'one', 'hook/(?:([a-z0-9]{4})-){3}[a-z]{6}'))('hook/abcd-ef12-34gh-secret')).to.equal('[MASKED:one]');
    expect(masker(rule('', 'one', 'Z(aaa|bbb)?(ccc)[0-9]{6}'))('Zccc123456')).to.equal('[MASKED:one]');
  });

  it('tries a rule only where one of its keywords stands in the text, in any case', () => {
    const mask = masker(rule('keywords = ["Acme"]', 'one', '[0-9]{6}-[0-9]{6}'));
    expect(mask('ACME id\n123456-654321')).to.equal('ACME id\n[MASKED:one]');
    expect(mask('other id\n123456-654321')).to.equal('other id\n123456-654321');
  });

  it('asks for more entropy than the rule says', () => {
    const mask = masker(rule('entropy = 2.5', 'one', 'tok_([a-z0-9]{8})'));
    expect(mask('tok_aaaabbbb tok_a1b2c3d4')).to.equal('tok_aaaabbbb tok_[MASKED:one]');
  });

  it('leaves what allowlists allow: by secret, match or line, one or all of their conditions, everywhere or in one rule', () => {
    const secret = masker(rule("[[rules.allowlists]]\nregexes = ['^0{8}$']"));
    expect(secret('tok_00000000 tok_00000001')).to.equal('tok_00000000 tok_[MASKED:one]');
    const match = masker(rule("[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['^tok_0']"));
    expect(match('tok_00000000 tok_10000000')).to.equal('tok_00000000 tok_[MASKED:one]');
    const line = masker(rule("[rules.allowlist]\nregexTarget = 'line'\nregexes = ['# sample']"));
    expect(line('tok_abcd1234 # sample\ntok_abcd1235')).to.equal('tok_abcd1234 # sample\ntok_[MASKED:one]');
    const both = masker(rule("[[rules.allowlists]]\ncondition = 'AND'\nstopwords = ['DEMO']\nregexes = ['9$']"));
    expect(both('tok_demo1239 tok_demo1234 tok_abcd1239')).to.equal('tok_demo1239 tok_[MASKED:one] tok_[MASKED:one]');
    const global = masker(`${rule()}${rule('', 'two', 'key_([a-z0-9]{8})')}[[allowlists]]\nstopwords = ['demo']`);
    expect(global('tok_demo1234 key_demo1234')).to.equal('tok_demo1234 key_demo1234');
    const targeted = masker(
      `${rule()}${rule('', 'two', 'key_([a-z0-9]{8})')}[[allowlists]]\ntargetRules = ['two']\nstopwords = ['demo']`,
    );
    expect(targeted('tok_demo1234 key_demo1234')).to.equal('tok_[MASKED:one] key_demo1234');
  });

  it('does not look for another match inside one that is allowed', () => {
    const mask = masker(rule("[[rules.allowlists]]\nregexTarget = 'match'\nregexes = ['^x']", 'one', 'x?tok_([a-z0-9]{8})'));
    expect(mask('xtok_abcd1234')).to.equal('xtok_abcd1234');
  });

  it('knows no paths and no commits: with others that must hold too they allow nothing, and it says so', () => {
    const file = rule("[[rules.allowlists]]\ncondition = 'AND'\npaths = ['.*']\nstopwords = ['demo']");
    expect(masker(file)('tok_demo1234')).to.equal('tok_[MASKED:one]');
    expect(masker(rule("[[rules.allowlists]]\npaths = ['.*']\nstopwords = ['demo']"))('tok_demo1234')).to.equal('tok_demo1234');
    expect(load(file).notices.map(({ line, message }) => `${line} ${message}`)).to.deep.equal([
      '4 an allowlist of rule one names paths or commits: events have none, so it has no effect',
    ]);
  });

  it('says of rules with a path that they look at every text, or at none', () => {
    const { pack, notices } = load(`${rule("path = '\\.tf$'")}[[rules]]\nid = 'two'\npath = '\\.p12$'`);
    expect(pack.rules.map(({ id }) => id)).to.deep.equal(['test/one']);
    expect(notices.map(({ message }) => message)).to.deep.equal([
      'rule one is for some files only: events have none, so it looks at every text',
      'rule two looks only at names of files: events have none, so it has no effect',
    ]);
  });

  it('finds a rule with required ones only where they stand near enough', () => {
    const file = (more: string): string =>
      `${rule(`[[rules.required]]\nid = 'two'\n${more}`)}${rule('skipReport = true', 'two', 'user=([a-z]+)')}`;
    const anywhere = masker(file(''));
    expect(anywhere('user=jane\n\n\ntok_abcd1234')).to.equal('user=jane\n\n\ntok_[MASKED:one]');
    expect(anywhere('tok_abcd1234')).to.equal('tok_abcd1234');
    const near = masker(file('withinLines = 1'));
    expect(near('tok_abcd1234\nuser=jane\n\ntok_abcd1235')).to.equal('tok_[MASKED:one]\nuser=jane\n\ntok_abcd1235');
    const beside = masker(file('withinLines = 0\nwithinColumns = 20'));
    expect(beside('user=jane tok_abcd1234 and further on tok_abcd1235')).to.equal(
      'user=jane tok_[MASKED:one] and further on tok_abcd1235',
    );
  });

  it('lets a file change the rules of what it extends, disable some and allow more', () => {
    const base = `${rule('entropy = 4', 'one')}${rule('', 'two', 'key_([a-z0-9]{8})')}${rule('', 'three', 'pin_([0-9]{8})')}`;
    const own = `[extend]\npath = 'base.toml'\ndisabledRules = ['three']\n[[rules]]\nid = 'one'\nentropy = 1.5\n[[rules]]\nid = 'two'\n[[rules.allowlists]]\nstopwords = ['demo']`;
    expect(masker(own, base)('tok_aabbccdd key_demo1234 key_abcd1234 pin_12345678')).to.equal(
      'tok_[MASKED:one] key_demo1234 key_[MASKED:two] pin_12345678',
    );
  });

  it('loads what extends the default rules without them, and says what is missing', () => {
    const { pack, notices } = load(
      `[extend]\nuseDefault = true\ndisabledRules = ['x']\n${rule()}[[rules]]\nid = 'private-key'\nentropy = 3`,
    );
    expect(pack.rules.map(({ kind }) => kind)).to.deep.equal(['one']);
    expect(notices.map(({ line }) => line)).to.deep.equal([1, 8]);
  });

  it('makes kinds of ids in any spelling', () => {
    const kinds = ['AWS_Key', '1password', 'a--b', `x${'y'.repeat(80)}`].map((id) => load(rule('', id)).pack.rules[0]!.kind);
    expect(kinds).to.deep.equal(['aws-key', 'rule-1password', 'a-b', `x${'y'.repeat(62)}`]);
  });

  it('refuses what it cannot honour, with the place of each', () => {
    expect(faultsOf(rule('', 'one', 'a(?=b)'))[0]).to.match(/^f0\.toml:3: not a valid expression: /);
    expect(faultsOf(rule('secretGroup = 3'))).to.deep.equal([
      'f0.toml:1: rule one: secretGroup is 3, and its regex has 1 groups',
    ]);
    expect(faultsOf("[[rules]]\nid = 'one'")).to.deep.equal(['f0.toml:1: rule one has neither regex nor path']);
    expect(faultsOf("[[rules]]\nregex = 'a'")[0]).to.equal('f0.toml:1: a rule has no id');
    expect(faultsOf(rule('[[rules.allowlists]]\n'))).to.deep.equal(['f0.toml:4: an allowlist of rule one allows nothing']);
    expect(
      faultsOf(rule("[[rules.allowlists]]\ncondition = 'XOR'\nregexes = ['a', 'b(']\nregexTarget = 'file'")).map((text) =>
        text.slice(0, 10),
      ),
    ).to.deep.equal(['f0.toml:5:', 'f0.toml:7:', 'f0.toml:6:']);
    expect(faultsOf(rule("[rules.allowlist]\nregexes = ['a']\n[[rules.allowlists]]\nregexes = ['a']"))).to.have.length(1);
    expect(faultsOf(`[[allowlists]]\ntargetRules = ['ones']\nstopwords = ['x']\n${rule()}`)).to.deep.equal([
      'f0.toml:1: an allowlist is for the rule "ones", which does not exist',
    ]);
    expect(faultsOf(rule("[[rules.required]]\nid = 'two'"))).to.deep.equal([
      'f0.toml:1: rule one requires "two", which does not exist',
    ]);
    expect(faultsOf("[extend]\nurl = 'https://example.com/x.toml'")).to.deep.equal(['f0.toml:2: extend.url is not fetched']);
  });
});
