import { expect } from 'chai';
import fc from 'fast-check';
import { faultsOf, load, matches, ruleOf } from '../../support/rules.ts';

const event = {
  verb: 'create',
  user: { username: 'Eve', groups: ['system:authenticated'] },
  requestObject: {
    spec: { replicas: 12345, paused: true, note: null },
    text: 'say "Hello"\nÜBER \\ <b>',
    deep: [[{ x: 'kube-Bench' }]],
  },
};
const keyword = (selection: string, on: unknown = event): boolean => matches(ruleOf(`kw: ${selection}\ncondition: kw`), on);

describe('detection/sigma/keywords', () => {
  it('finds texts anywhere in the values of an event', () => {
    const table: readonly (readonly [string, boolean])[] = [
      ['[kube-bench]', true],
      ['kube-bench', true],
      ['[BENCH, nosuch]', true],
      ['[nosuch, neither]', false],
      ['[eve]', true],
      ['["12345"]', true],
      ['[234]', true],
      ['[hello]', true],
      [`['"hello"']`, true],
      ['["hello*über"]', true],
      ['["kube?bench"]', true],
      ['["kube?ench"]', false],
      ['["\\\\*"]', false],
      ['["\\\\ <b>"]', true],
      ['[username]', false],
      ['[requestObject]', false],
      ['["create eve"]', false],
      ['{ "|all": [eve, kube-bench] }', true],
      ['{ "|all": [eve, nosuch] }', false],
      ['{ "|cased": [kube-bench] }', false],
      ['{ "|cased": [kube-Bench] }', true],
      ['{ "|re": ["^kube-[A-Z]"] }', true],
      ['{ "|re": ["^bench"] }', false],
      ['{ "|re|i": ["^KUBE"] }', true],
      ['{ "|startswith": [kube] }', true],
      ['{ "|startswith": [bench] }', false],
      ['{ "|endswith": [bench] }', true],
      ['{ "|contains|all": [ub, ve] }', true],
      ['{ "|all": [eve], verb: create }', true],
      ['{ "|all": [eve], verb: delete }', false],
    ];
    for (const [selection, expected] of table) expect(keyword(selection), selection).to.equal(expected);
  });

  it('finds encoded keywords', () => {
    const on = { data: `x${Buffer.from('so secret!').toString('base64')}` };
    expect(keyword('{ "|base64offset": [secret] }', on)).to.equal(true);
    expect(keyword('{ "|base64offset": [public] }', on)).to.equal(false);
  });

  it('may be negated and combined', () => {
    const rule = ruleOf('kw: [eve]\nsel: { verb: create }\ncondition: sel and not kw');
    expect(matches(rule, event)).to.equal(false);
    expect(matches(rule, { verb: 'create' })).to.equal(true);
  });

  it('finds every text that stands in a value, whatever stands around it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 2, maxLength: 6, unit: 'grapheme' }), fc.string({ unit: 'grapheme' }), (word, rest) => {
        const escaped = word.replace(/[\\*?]/g, '\\$&');
        fc.pre(rest.toLowerCase().length + word.toLowerCase().length === (rest + word).toLowerCase().length);
        expect(keyword(JSON.stringify([escaped]), { a: { b: [`${rest}${word}${rest}`] } })).to.equal(true);
      }),
      { numRuns: 60 },
    );
  });

  it('shows no field of its own in findings', () => {
    expect(load(ruleOf('kw: [eve]\nsel: { verb: create }\ncondition: sel and kw')).rules[0]?.rule.fields).to.deep.equal(['verb']);
  });

  it('refuses what needs a field and what is no text', () => {
    const wrong: readonly (readonly [string, string])[] = [
      ['{ "|exists": true }', 'needs a field'],
      ['{ "|cidr": 192.0.2.0/24 }', 'needs a field'],
      ['{ "|gt": 3 }', 'needs a field'],
      ['{ "|neq": [a] }', 'needs a field'],
      ['{ "|hour": 3 }', 'needs a field'],
      ['{ "|fieldref": a }', 'needs a field'],
      ['[a, null]', 'a keyword is a text'],
      [`['']`, 'a keyword is a text'],
      ['{ "|contians": [a] }', 'Did you mean `contains`?'],
    ];
    for (const [selection, part] of wrong)
      expect(faultsOf(ruleOf(`kw: ${selection}\ncondition: kw`)).join(), selection).to.include(part);
  });
});
