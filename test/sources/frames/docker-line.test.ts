import { expect } from 'chai';
import fc from 'fast-check';
import { decodeText, dockerLineOf } from '../../../src/sources/frames/docker-line.ts';

const read = (text: string) => {
  const bytes = Buffer.from(text);
  const line = dockerLineOf(bytes, 0, bytes.length);
  return (
    line && {
      text: bytes.toString('utf8', line.text.start, line.text.end),
      stream: line.stream,
      ends: line.ends,
      isWhole: line.isWhole,
    }
  );
};

describe('sources/frames/docker-line', () => {
  it('reads what was written, and whether the line ends there', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.boolean(), (written, ends) => {
        const log = `${written.replace(/\n+$/, '')}${ends ? '\n' : ''}`;
        const line = read(JSON.stringify({ log, stream: 'stdout', time: 't' }));
        expect(line?.ends).to.equal(ends);
        expect(decodeText(Buffer.from(line?.text ?? ''))?.toString()).to.equal(log.trimEnd());
      }),
    );
  });

  it('tells an escaped backslash before an n from a line end', () => {
    expect(read(JSON.stringify({ log: 'path\\n', stream: 'stdout' }))?.ends).to.equal(false);
  });

  it('knows a whole value without a line end, as shippers write it', () => {
    expect(read(JSON.stringify({ log: '{"a":"}"}', stream: 'stderr' }))).to.deep.include({ isWhole: true, stream: 'stderr' });
    expect(read(JSON.stringify({ log: '{"a":"}"', stream: 'stdout' }))).to.deep.include({ isWhole: false });
  });

  it('leaves other objects alone', () => {
    for (const text of [
      '{"log":"x"}',
      '{"log":5,"stream":"stdout"}',
      '{"a":1,"log":"x","stream":"stdout"}',
      '{"log":"x","stream":"std',
      '{"log":"',
    ])
      expect(read(text), text).to.equal(undefined);
    expect(decodeText(Buffer.from('a"b'))).to.equal(undefined);
  });
});
