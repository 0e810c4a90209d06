import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import type { LeftOutReason } from '../../../src/core/left-out.ts';
import { limits } from '../../../src/core/limits.ts';
import { LineFramer } from '../../../src/sources/frames/line-framer.ts';
import { isDecoded, openEncoded, openWrapper, startsAsEvent } from '../../../src/sources/frames/open-wrapper.ts';
import { roleOf } from '../../../src/sources/frames/wrapper-members.ts';
import { frame, framing } from './framing.ts';
import { auditEvent, wrappers } from './wrapped-samples.ts';

const leftOut: LeftOutReason[] = [];
const leave = (reason: LeftOutReason): void => void leftOut.push(reason);

const open = (text: string): string[] => {
  const bytes = Buffer.from(text);
  return openWrapper(bytes, roleOf(bytes, 0, bytes.length), leave).map((part) =>
    (isDecoded(part) ? part.bytes : bytes.subarray(part.start, part.end)).toString(),
  );
};

describe('sources/frames/open-wrapper', () => {
  for (const name of Object.keys(wrappers([]))) {
    it(`takes the events out of: ${name}`, () => {
      const note = fc.string({ unit: 'grapheme' });
      fc.assert(
        fc.property(fc.array(note, { minLength: 1, maxLength: 4 }), (notes) => {
          const events = notes.map((text, i) => auditEvent(`a-${i}`, text));
          const line = wrappers(events)[name] ?? '';
          const seen = frame(new LineFramer(framing('split')), Buffer.from(`${line}\n${auditEvent('last')}\n`));
          expect(seen.map((e) => e.text)).to.deep.equal([...events, auditEvent('last')]);
          expect(seen.every((e) => e.reason === 'none')).to.equal(true);
          expect(seen.reduce((sum, e) => sum + e.covers, 0)).to.equal(Buffer.byteLength(line) + auditEvent('last').length + 2);
        }),
        { numRuns: 25 },
      );
    });
  }

  it('leaves out what the sender says is no audit event, and control messages, and counts both by reason', () => {
    leftOut.length = 0;
    const other = (log: string, category: string) => JSON.stringify({ records: [{ category, properties: { log } }] });
    expect(open(other('I0504 09:12:33 started', 'kube-controller-manager'))).to.deep.equal([]);
    expect(open(other('I0504 09:12:33 started', 'kube-audit'))).to.deep.equal(['I0504 09:12:33 started']);
    expect(open(other(auditEvent('a'), 'guard'))).to.deep.equal([auditEvent('a')]);
    const logs = (logStream: string) =>
      open(JSON.stringify({ logStream, logEvents: [{ id: '1', message: 'level=info msg=x' }] }));
    expect(logs('authenticator-1')).to.deep.equal([]);
    expect(logs('kube-apiserver-audit-1')).to.deep.equal(['level=info msg=x']);
    const control = '{"messageType":"CONTROL_MESSAGE","logEvents":[{"id":"","message":"CWL CONTROL MESSAGE: checking"}]}';
    expect(frame(new LineFramer({ ...framing('split'), leftOut: leave }), Buffer.from(`${control}\n`))).to.deep.equal([]);
    const error = { log: 'E0504 09:12:33 failed', time: 't', stream: 'stderr' };
    expect(open(JSON.stringify({ records: [{ properties: error, stream: 'stderr' }, { ...error }] }))).to.deep.equal([]);
    expect(leftOut).to.deep.equal(['other-category', 'other-log-stream', 'control-message', 'standard-error', 'standard-error']);
  });

  it('says why packed text cannot be opened, and does not unpack more than an event may have', () => {
    const reasons = (text: string) => openEncoded(text, leave).map((e) => e.reason);
    expect(reasons('H4sIAAAAAAAA')).to.deep.equal(['not-json']);
    const bomb = gzipSync(Buffer.alloc(limits.eventBytes + 1, 32)).toString('base64');
    expect(reasons(bomb)).to.deep.equal(['too-big']);
  });

  it('hands on a text that is cut, for the scanner to refuse', () => {
    expect(openEncoded(gzipSync('{"logEvents":[{"mess').toString('base64'), leave).map((e) => e.bytes.toString())).to.deep.equal([
      '{"logEvents":[{"mess',
    ]);
  });

  it('opens a bounded number of levels', () => {
    let text = auditEvent('deep');
    for (let i = 0; i < 9; i++) text = JSON.stringify({ message: text });
    const [left, ...more] = open(text);
    expect(more).to.deep.equal([]);
    expect(left).to.match(/^\{"message":/);
  });

  it('knows the usual beginnings of an event', () => {
    const starts = (text: string) => startsAsEvent(Buffer.from(text), 0, Buffer.byteLength(text));
    expect(starts(auditEvent('a'))).to.equal(true);
    expect(starts('{"level":"Metadata"}')).to.equal(true);
    expect(starts('{"kind":"EventList"}')).to.equal(false);
    expect(starts('{"kind"')).to.equal(false);
  });
});
