import { expect } from 'chai';
import { InputFramer, inputKind } from '../../../src/sources/frames/input-framer.ts';
import { frame, framing } from './framing.ts';

const kind = (text: string) => inputKind(Buffer.from(text), Buffer.byteLength(text));
const texts = (text: string, sizes?: number[]) =>
  frame(new InputFramer(framing('split')), Buffer.from(text), sizes).map((e) => e.text);

describe('sources/frames/input-framer', () => {
  it('takes an input whose first line is whole, torn or no JSON for lines', () => {
    for (const text of ['{"a":1}\n', '{"a":"x\n{"a":1}\n', 'hello\n', '{"a":1},\n{"a":2}\n', '{"a":1,\n{"a":2}\n', '}\n'])
      expect(kind(text), text).to.equal('lines');
  });

  it('takes an input whose first line opens brackets that the next line goes on with for a document', () => {
    for (const text of [
      '{\n  "a": 1',
      '[\n{"a":1},',
      '\uFEFF{\r\n "a"',
      '\n\n{"items":[\n{',
      '{"a":1,\n"b"',
      '{"a":\n1',
      '{\n}',
      '[\n]',
    ])
      expect(kind(text), text).to.equal('document');
  });

  it('waits until it can tell', () => {
    for (const text of ['', '  \n', '{"a":1', '{\n', '[\n  ']) expect(kind(text), text).to.equal('undecided');
  });

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
