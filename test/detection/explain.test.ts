import { expect } from 'chai';
import { type ClauseTruth, explainRules } from '../../src/detection/explain.ts';
import { extractsOf } from '../../src/detection/extracts-of.ts';
import { matchEvent } from '../../src/detection/run-examples.ts';
import { load, ruleOf } from '../support/rules.ts';

const raw = {
  verb: 'create',
  user: { username: 'planted-person' },
  objectRef: { resource: 'pods', subresource: 'exec' },
  requestURI: '/exec?command=cat&command=%2Fetc%2Fshadow',
  sourceIPs: ['198.51.100.7', '192.0.2.4'],
  requestObject: { spec: { containers: [{ image: 'a' }, { image: 'b' }] } },
};
const masked = { ...raw, user: { username: '[MASKED:user:k1:0011223344556677]' }, sourceIPs: ['203.0.113.99', '203.0.113.98'] };
const yaml = 'names: { exec.command: { field: requestURI, as: command } }';

const explain = (detection: string) => {
  const set = load(ruleOf(detection), { fieldsYaml: yaml });
  const [truth] = explainRules({ set, raw: { event: raw }, masked });
  expect(truth?.matched).to.equal(matchEvent(set, raw).rules.length > 0);
  return truth ?? expect.fail();
};
const lines = (clause: ClauseTruth): readonly string[] =>
  clause.type === 'clause'
    ? [`${clause.holds ? '+' : '-'} ${clause.field} ${clause.asks} [${clause.values.join(', ')}]`]
    : [`${clause.holds ? '+' : '-'} ${clause.type}`, ...clause.items.flatMap(lines)];

describe('detection/explain', () => {
  it('says of every clause whether it holds, and shows masked values only', () => {
    const truth = explain(
      's: { verb: create, user.username: planted-person }\nf: { sourceIPs: 198.51.100.7 }\ncondition: s and not f',
    );
    expect(truth.matched).to.equal(false);
    expect(lines(truth.condition)).to.deep.equal([
      '- and',
      '+ verb equals "create" [create]',
      '+ user.username equals "planted-person" [[MASKED:user:k1:0011223344556677]]',
      '- not',
      '+ sourceIPs equals "198.51.100.7" [203.0.113.99, 203.0.113.98]',
    ]);
  });

  it('never shows a raw value that masking changed', () => {
    const text = JSON.stringify(explain("s: { user.username|startswith: plan, sourceIPs: '*' }\ncondition: s").condition);
    expect(text).not.to.include('planted-person').and.not.to.include('198.51.100.7');
  });

  it('says what is there of a field that has no value, a list, an object or a decoded text', () => {
    const { condition } = explain(
      'a: { stage: Panic }\nb: { requestObject.spec.containers.image: c }\nc: { objectRef|exists: true }\nd: { exec.command|contains: shadow }\ncondition: 1 of them',
    );
    expect(lines(condition)).to.deep.equal([
      '+ or',
      '- stage equals "Panic" []',
      '- requestObject.spec.containers.image equals "c" [a, b]',
      '+ objectRef exists [{…}]',
      '+ exec.command contains "shadow" [cat /etc/shadow]',
    ]);
  });

  it('names the quantifier where every value counts', () => {
    const { condition } = explain('s: { verb|neq: [get, list] }\ncondition: s');
    expect(lines(condition)).to.deep.equal(['+ verb no value equals "get" or equals "list" [create]']);
  });

  it('explains chosen rules only, and takes what a scan extracted', () => {
    const text = `${ruleOf('s: { verb: create }\ncondition: s', 1)}---\n${ruleOf('s: { verb: get }\ncondition: s', 2)}`;
    const set = load(text);
    const second = set.rules[1]?.rule.info.id ?? expect.fail();
    const truths = explainRules({
      set,
      raw: { extracts: extractsOf(raw, set.matcher.fields) },
      masked,
      ruleIds: new Set([second]),
    });
    expect(truths.map((truth) => [truth.ruleName, truth.matched, truth.silent])).to.deep.equal([['Rule 2', false, false]]);
  });

  it('cuts long values and long lists', () => {
    const set = load(ruleOf('s: { requestObject.a: x }\ncondition: s'));
    const event = { requestObject: { a: [...Array.from({ length: 40 }, (_, i) => `value-${i}`), 'y'.repeat(5000)] } };
    const [truth] = explainRules({ set, raw: { event }, masked: event });
    const text = JSON.stringify(truth);
    expect(text).to.include('value-7').and.not.to.include('value-8');
    const [long] = explainRules({ set, raw: { event }, masked: { requestObject: { a: 'y'.repeat(5000) } } });
    expect(JSON.stringify(long).length).to.be.lessThan(600);
  });
});
