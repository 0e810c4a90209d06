import { expect } from 'chai';
import { readLines } from '../../../src/scan/reference/line-text.ts';
import { TextParts } from '../../../src/scan/reference/text-parts.ts';

function read(text: string): unknown {
  const bytes = Buffer.from(text);
  const parts = new TextParts(bytes.length);
  if (!readLines(bytes, 0, bytes.length, parts)) return undefined;
  return JSON.parse(Buffer.from(parts.bytes.subarray(0, parts.end)).toString());
}

describe('scan/reference/line-text', () => {
  it('reads properties, INI, TOML and .env', () => {
    expect(read('# c\na.b=1\n! c\nd : e f \n\n[section]\n"k" = "v w"\nexport X=\'y\'\n; end')).to.deep.equal([
      { 'a.b': '1' },
      { d: 'e f' },
      { k: 'v w' },
      { X: 'y' },
    ]);
  });

  it('keeps names that repeat, and empty values', () => {
    expect(read('a=\na=2')).to.deep.equal([{ a: '' }, { a: '2' }]);
  });

  it('joins lines that a backslash continues', () => {
    expect(read('a=b\\\n  c\nd=e')).to.deep.equal([{ a: 'b\\\n  c' }, { d: 'e' }]);
  });

  it('refuses a text with any other line', () => {
    for (const text of ['a=b\nthis is text', '#!/bin/sh\nset -e\nX=1', '= b', 'a b=c'])
      expect(read(text), text).to.equal(undefined);
  });
});
