import { expect } from 'chai';
import { limits } from '../../../src/core/limits.ts';
import { PartialLines } from '../../../src/sources/frames/partial-lines.ts';

describe('sources/frames/partial-lines', () => {
  it('joins the parts of each stream and knows the first byte that waits', () => {
    const lines = new PartialLines();
    lines.add('stdout', Buffer.from('ab'), 10, 'p');
    lines.add('stderr', Buffer.from('xy'), 20, 'q');
    expect(lines.firstOffset).to.equal(10);
    const joined = lines.end('stdout', Buffer.from('c'), 30, 'r');
    expect({ ...joined, bytes: joined.bytes.toString() }).to.deep.equal({
      bytes: 'abc',
      offset: 10,
      kept: 'pr',
      isTooBig: false,
    });
    expect([lines.has('stdout'), lines.has('stderr'), lines.firstOffset]).to.deep.equal([false, true, 20]);
    expect(lines.finish().map((line) => line.bytes.toString())).to.deep.equal(['xy']);
    expect(lines.firstOffset).to.equal(undefined);
  });

  it('keeps the beginning of a line that grows over the limit', () => {
    const lines = new PartialLines();
    const part = Buffer.alloc(limits.eventBytes / 2 + 1, 97);
    lines.add('stdout', part, 0, '');
    lines.add('stdout', part, 0, '');
    const joined = lines.end('stdout', part, 0, '');
    expect(joined.isTooBig).to.equal(true);
    expect(joined.bytes.length).to.equal(64 * 1024);
  });

  it('copies what it keeps', () => {
    const lines = new PartialLines();
    const buffer = Buffer.from('ab');
    lines.add('stdout', buffer, 0, '');
    buffer.fill(0);
    expect(lines.finish()[0]?.bytes.toString()).to.equal('ab');
  });
});
