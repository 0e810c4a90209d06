import { expect } from 'chai';
import { recordFlags } from '../../src/core/record.ts';
import { createFindingMaker, episodeView, findingOf } from '../../src/findings/finding-of.ts';
import { maskedRecord } from '../support/masked-record.ts';
import { load, ruleOf } from '../support/rules.ts';

const options = { identify: (text: string) => text };
const rule = ruleOf(
  'sel: { verb: create, user.username|startswith: a, requestObject.spec.x: y }\ncondition: sel',
  1,
  'name: a\nauthor: Somebody\nlicense: DRL 1.1\nlevel: high\n',
);
const correlation =
  'title: C\nid: 00000000-0000-4000-8000-000000000009\ncorrelation: { type: event_count, rules: [a], group-by: [user.username, sourceIPs], timespan: 1m, condition: { gte: 2 } }\n';
const id = '00000000-0000-4000-8000-000000000001';
const event = {
  auditID: 'i',
  verb: 'create',
  user: { username: '[MASKED:user]' },
  sourceIPs: ['203.0.113.1', '192.0.2.1'],
  requestObject: { spec: { x: ['y', 'z'] } },
};

describe('findings/finding-of', () => {
  it('shows the masked values of the fields the rule looked at, and credits the author', () => {
    const set = load(rule);
    const [finding] = createFindingMaker(set)(maskedRecord(event, { matches: [id] }), { ...options, index: 3 });
    expect(finding?.evidence).to.deep.equal({
      verb: ['create'],
      'user.username': ['[MASKED:user]'],
      'requestObject.spec.x': ['y', 'z'],
    });
    expect(finding?.rule).to.include({ id, severity: 'high', author: 'Somebody', licence: 'DRL 1.1' });
    expect(finding?.event).to.include({ index: 3, user: '[MASKED:user]' });
    expect(finding).to.include({ revision: 1, cluster: 'lab', time: '2026-05-04T00:00:00.000000Z' });
  });

  it('gives the same id when the record comes again, and another for another rule or event', () => {
    const [loaded] = load(rule).rules;
    const info = loaded?.rule.info ?? expect.fail();
    const idOf = (digest: string, name = info.id) =>
      findingOf(maskedRecord(event, { digest }), { ...info, id: name }, [], options).id;
    expect(idOf('a')).to.equal(idOf('a'));
    expect(new Set([idOf('a'), idOf('b'), idOf('a', 'other')]).size).to.equal(3);
  });

  it('reports only the first rule where that is asked for, and what is built in besides', () => {
    const other = ruleOf('sel: { verb: create }\ncondition: sel', 2);
    const set = load(`${other}---\n${rule}`);
    const both = set.rules.map((loaded) => loaded.rule.info.id);
    const stub = maskedRecord(event, { matches: both, flags: recordFlags.duplicateKeys });
    const ids = (first: boolean): readonly string[] =>
      createFindingMaker(set, first)(stub, options).map(({ rule: { id: of } }) => of);
    expect(ids(false)).to.deep.equal([...both, 'auditveil.duplicate-keys']);
    expect(ids(true)).to.deep.equal([both[0], 'auditveil.duplicate-keys']);
  });

  it('makes no finding of rules that only feed correlations, and none of rules it does not know', () => {
    const make = createFindingMaker(load(`${rule}---\n${correlation}`));
    expect(make(maskedRecord(event, { matches: [id, 'unknown'] }), options)).to.deep.equal([]);
  });

  it('adds built-in findings from the flags of a record, stubs included', () => {
    const make = createFindingMaker(load(rule));
    const stub = maskedRecord({ stub: true, reason: 'too-deep', auditID: 'i' }, { flags: recordFlags.stub | recordFlags.writes });
    expect(make(stub, options).map((finding) => [finding.rule.id, finding.rule.severity, finding.event.auditID])).to.deep.equal([
      ['auditveil.stub', 'high', 'i'],
    ]);
  });

  it('shows the masked group of an episode, lists by their last element', () => {
    const [loaded] = load(`${rule}---\n${correlation}`).correlations;
    const view = episodeView(maskedRecord(event, { matches: [id] }), loaded ?? expect.fail());
    expect(view.group).to.deep.equal({ 'user.username': '[MASKED:user]', sourceIPs: '192.0.2.1' });
    expect(view.cluster).to.equal('lab');
  });
});
