import { expect } from 'chai';
import { InputLook, inputKind } from '../../../src/sources/frames/input-look.ts';

const kind = (text: string) => inputKind(Buffer.from(text), Buffer.byteLength(text));

/** The last word about a text that arrives in parts of `part` bytes, and how many bytes were looked at for it. */
function lookInParts(text: string | Buffer, part: number) {
  const bytes = Buffer.from(text);
  const look = new InputLook();
  let found = look.kind(bytes, 0);
  for (let end = part; found === 'undecided' && end < bytes.length + part; end += part)
    found = look.kind(bytes, Math.min(end, bytes.length));
  return { found, looked: look.looked };
}

describe('sources/frames/input-look', () => {
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

  it('says the same whatever the parts are', () => {
    for (const text of ['\uFEFF{\r\n "a"', '\n\n{"items":[\n{', '{"a":1},\n{"a":2}\n', '[\n]', '{"a":"x\n{"a":1}\n', '\uFEFFx'])
      for (const part of [1, 2, 5]) expect(lookInParts(text, part).found, text).to.equal(kind(text));
  });

  it('looks at every byte of a long beginning three times at most', () => {
    const size = 4 * 1024 * 1024;
    for (const text of [
      Buffer.alloc(size, ' '),
      `{"a":"${'x'.repeat(size)}`,
      `{"a":"${'x'.repeat(size)}",\n`,
      `{"a":"${'x'.repeat(size)}",\n${' '.repeat(size)}`,
    ])
      expect(lookInParts(text, 1024).looked).to.be.within(1, 3 * text.length);
  });
});
