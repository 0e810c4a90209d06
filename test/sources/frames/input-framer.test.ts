import { expect } from 'chai';
import { InputFramer } from '../../../src/sources/frames/input-framer.ts';
import { frame, framing } from './framing.ts';

const texts = (text: string, sizes?: number[]) =>
  frame(new InputFramer(framing('split')), Buffer.from(text), sizes).map((e) => e.text);

describe('sources/frames/input-framer', () => {
  it('gives the events of lines and of documents, whatever the chunks are', () => {
    for (const sizes of [[1], [3, 50], [100_000]]) {
      expect(texts('{"a":1}\n{"a":2}\n', sizes)).to.deep.equal(['{"a":1}', '{"a":2}']);
      expect(texts('{"a":1}', sizes)).to.deep.equal(['{"a":1}']);
      expect(texts('[\n{"a":1},\n{"a":2}\n]\n', sizes)).to.deep.equal(['{"a":1}', '{"a":2}']);
      expect(texts('{\n"kind":"Event"\n}', sizes)).to.deep.equal(['{\n"kind":"Event"\n}']);
    }
  });

  it('goes back to lines where a log merely begins with a torn line', () => {
    expect(texts('{"items":[\n{"a":1}\n{"a":2}\n')).to.deep.equal(['{"items":[', '{"a":1}', '{"a":2}']);
  });

  it('gives nothing for an empty input', () => {
    expect(texts('')).to.deep.equal([]);
    expect(texts('\n\n')).to.deep.equal([]);
  });
});
