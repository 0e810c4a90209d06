import { expect } from 'chai';
import { recordFlags } from '../../src/core/record.ts';
import { type MaskedTile, stubReasons } from '../../src/core/tile.ts';
import { checkRecord } from '../../src/log/record-decoder.ts';
import { engineOf, kernelModule, maskOne, payloadsOf, tileOf } from '../support/inspect-lines.ts';

const pack = `
id: test
summary: Test.
names: { secret: { expression: password } }
rules:
  - { id: names, kind: password, category: secret, about: Names., names: { in: '**', class: secret } }
  - { id: user, kind: user, category: personal, about: Users., action: pseudonymise, structure: { in: event, mask: user.username, unless: '^system:' } }
examples:
  - { name: yes, rule: [names, user], event: { password: abcdef, user: { username: alice } }, gone: [abcdef, alice] }
  - { name: no, rule: [names, user], event: { a: plain }, unchanged: true }
`;
const rule = `
title: Everything
id: 6b0f2a52-9a0b-4a53-9b77-3e0b5a2c1d10
status: test
logsource: { product: kubernetes, service: audit }
detection: { all: { verb: delete }, condition: all }
level: low
`;
const engine = engineOf([pack], { ruleFiles: [{ file: 'rule.yml', text: rule }] });
const inspect = (...events: string[]): MaskedTile => engine.inspector.inspect(tileOf(events));

describe('inspect/inspector', () => {
  it('frames records that the decoder accepts, with counts, matches, times and flags', () => {
    const tile = inspect(
      '{"verb":"delete","password":"abc","user":{"username":"alice"},"stageTimestamp":"2026-05-04T09:12:33.127649Z"}',
      '{"verb":"get"}',
    );
    const view = new DataView(tile.bytes.buffer, tile.bytes.byteOffset, tile.bytes.length);
    for (const i of [0, 1]) {
      const at = tile.offsets[i] as number;
      expect(checkRecord(tile.bytes, view, at, at + (tile.lengths[i] as number))).to.equal(tile.lengths[i]);
    }
    expect([...tile.matches]).to.deep.equal([1, 0]);
    expect([...tile.masked]).to.deep.equal([2, 0]);
    expect(tile.flags[0]).to.equal(recordFlags.writes);
    expect(tile.flags[1]).to.equal(0);
  });

  it('gives a file line and a webhook item of one event the same digest, and other events other ones', () => {
    const body = '"level":"Metadata","auditID":"aa-bb"}';
    const tile = inspect(`{"kind":"Event","apiVersion":"audit.k8s.io/v1",${body}`, `{${body}`, `{"x":1,${body}`);
    const digest = (i: number): string => Buffer.from(tile.digests.subarray(i * 16, i * 16 + 16)).toString('hex');
    expect(digest(0)).to.equal(digest(1));
    expect(digest(0)).not.to.equal(digest(2));
  });

  it('keeps a number that is summed up, but never one that is masked or in an event that becomes a stub', () => {
    const base = rule.replace('title: Everything', 'title: Everything\nname: base');
    const sums = ['password', 'size'].map(
      (field, i) => `
title: Sum of ${field}
id: 6b0f2a52-9a0b-4a53-9b77-3e0b5a2c1d1${i + 1}
correlation: { type: value_sum, rules: [base], timespan: 5m, condition: { gte: 1, field: ${field} } }
level: low
`,
    );
    const { inspector } = engineOf([pack], { ruleFiles: [{ file: 'rules.yml', text: [base, ...sums].join('---') }] });
    const holds = (event: string, number: number): boolean => {
      const float = Buffer.alloc(8);
      float.writeDoubleLE(number);
      return Buffer.from(inspector.inspect(tileOf([event])).bytes).includes(float);
    };
    expect(holds('{"verb":"delete","size":1234567,"password":7654321}', 1234567)).to.equal(true);
    expect(holds('{"verb":"delete","size":1234567,"password":7654321}', 7654321)).to.equal(false);
    expect(holds('{"verb":"delete","size":1,"password":"7654321"}', 7654321)).to.equal(false);
    expect(holds('{"verb":"delete","password":7654321,"size":1234567', 7654321)).to.equal(false);
    expect(holds('{"verb":"delete","password":7654321,"size":1234567', 1234567)).to.equal(false);
  });

  it('computes the same digests in the kernel', () => {
    const events = ['{"a":1}', '{"a":"12345678"}', `{"a":"${'x'.repeat(4000)}"}`];
    const fast = engineOf([pack], { kernel: kernelModule() });
    expect(fast.inspector.inspect(tileOf(events)).digests).to.deep.equal(
      engineOf([pack]).inspector.inspect(tileOf(events)).digests,
    );
  });

  it('writes stubs that say reason, size, digest and the audit id, and nothing else', () => {
    const line = maskOne(engine, '{"auditID":"0a-1b","password":"secret-text"');
    const stub = JSON.parse(line) as Record<string, unknown>;
    expect(Object.keys(stub)).to.deep.equal(['stub', 'reason', 'auditID', 'bytes', 'digest']);
    expect(stub['auditID']).to.equal('0a-1b');
    expect(stub['reason']).to.equal('not-json');
  });

  it('does not repeat an audit id that is not the shape of one', () => {
    expect(maskOne(engine, '{"auditID":"my secret id","x":')).not.to.contain('secret id');
  });

  it('keeps the reasons of the framing', () => {
    const tile = tileOf(['{"a":"torn']);
    tile.reasons[0] = stubReasons.indexOf('torn');
    const masked = engine.inspector.inspect(tile);
    expect(String(payloadsOf(masked)[0])).to.contain('"reason":"torn"');
    expect(masked.flags[0]).to.equal(recordFlags.stub | recordFlags.writes);
  });

  it('flags repeated keys, forged masks and truncated bodies', () => {
    const tile = inspect(
      '{"a":{"b":1,"b":2}}',
      '{"a":"[MASKED:user:k1:0123456789abcdef]"}',
      '{"annotations":{"audit.k8s.io/truncated":"true"}}',
    );
    expect((tile.flags[0] as number) & recordFlags.duplicateKeys).not.to.equal(0);
    expect((tile.flags[1] as number) & recordFlags.forgedMask).not.to.equal(0);
    expect((tile.flags[2] as number) & recordFlags.truncated).not.to.equal(0);
  });

  it('matches rules on every occurrence of a repeated key', () => {
    expect([...inspect('{"verb":"delete","verb":"get"}', '{"verb":"get","verb":"delete"}').matches]).to.deep.equal([1, 1]);
  });

  it('makes a stub when masking throws', () => {
    const broken = engineOf([pack]);
    const { matcher } = broken.rules;
    matcher.match = (): never => {
      throw new Error('broken on purpose');
    };
    expect(maskOne(broken, '{"password":"secret-text"}'))
      .to.match(/"reason":"mask-failed"/)
      .and.not.to.contain('secret-text');
  });

  it('refers to dictionaries that name cluster, source, policy and plan', () => {
    const [plan, context] = inspect('{}').dictionaries.map(
      ({ payload }) => JSON.parse(Buffer.from(payload).toString()) as Record<string, unknown>,
    );
    expect(plan).to.include({ type: 'plan' });
    expect(context).to.include({ type: 'context', cluster: 'test', source: 'lines' });
    expect(context?.['policy']).to.have.property('digest');
  });
});
