import { createHash } from 'node:crypto';
import { expect } from 'chai';
import type { ContextDictionary, MaskedBytes, MaskedRecord } from '../../src/core/record.ts';
import { recordFlags } from '../../src/core/record.ts';
import { SipHash } from '../../src/crypto/siphash.ts';
import { AuditIdWatch } from '../../src/findings/audit-id-watch.ts';

const hash = new SipHash(new Uint8Array(16).fill(3));
const contextOf = (source: string, stream: string): ContextDictionary =>
  ({ type: 'context', cluster: 'c', source, stream, policy: { id: 'p', digest: 'd' }, plan: 'x' }) as ContextDictionary;
const file = contextOf('audit', '/var/log/audit.log 1:2');

const record = (id: string, content: string, more: Partial<MaskedRecord> & { readonly stage?: string } = {}): MaskedRecord => {
  const { stage = 'ResponseComplete', ...rest } = more;
  const text = `{"kind":"Event","level":"Metadata","auditID":"${id}","stage":"${stage}","user":{}}`;
  const digest = createHash('md5').update(content).digest('hex');
  return { flags: 0, digest, context: file, payload: Buffer.from(text) as unknown as MaskedBytes, ...rest } as MaskedRecord;
};

describe('findings/audit-id-watch', () => {
  it('tells another event under the same ID from a repeat and from another stage', () => {
    const watch = new AuditIdWatch(hash);
    expect(watch.isReused(record('a', '1'))).to.equal(false);
    expect(watch.isReused(record('a', '1'))).to.equal(false);
    expect(watch.isReused(record('a', '2', { stage: 'RequestReceived' }))).to.equal(false);
    expect(watch.isReused(record('b', '3'))).to.equal(false);
    expect(watch.isReused(record('a', '4'))).to.equal(true);
    expect(watch.isReused(record('a', '1'))).to.equal(false);
  });

  it('looks at each source for itself, and at a file over its rotations', () => {
    const watch = new AuditIdWatch(hash);
    watch.isReused(record('a', '1'));
    expect(watch.isReused(record('a', '2', { context: contextOf('webhook', '/audit') }))).to.equal(false);
    expect(watch.isReused(record('a', '2', { context: contextOf('audit', '/var/log/other.log 1:3') }))).to.equal(false);
    expect(watch.isReused(record('a', '2', { context: contextOf('audit', '/var/log/audit.log 1:9') }))).to.equal(true);
  });

  it('remembers a bounded number, the newest for sure', () => {
    const watch = new AuditIdWatch(hash, 10);
    for (let i = 0; i < 100; i++) watch.isReused(record(`id-${i}`, String(i)));
    expect(watch.isReused(record('id-99', 'x'))).to.equal(true);
    expect(watch.isReused(record('id-90', 'x'))).to.equal(true);
    expect(watch.isReused(record('id-5', 'x'))).to.equal(false);
  });

  it('keeps an ID and a stage apart that read the same when put together', () => {
    const watch = new AuditIdWatch(hash);
    watch.isReused(record('ab', '1', { stage: 'c' }));
    expect(watch.isReused(record('a', '2', { stage: 'bc' }))).to.equal(false);
    expect(watch.isReused(record('ab', '3', { stage: 'c' }))).to.equal(true);
  });

  it('leaves alone what has no ID, and stubs', () => {
    const watch = new AuditIdWatch(hash);
    for (const digest of ['1', '2']) {
      expect(watch.isReused(record('', digest))).to.equal(false);
      expect(watch.isReused(record('s', digest, { flags: recordFlags.stub }))).to.equal(false);
    }
  });
});
