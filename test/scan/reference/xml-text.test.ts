import { expect } from 'chai';
import { TextParts } from '../../../src/scan/reference/text-parts.ts';
import { looksLikeXml, readXml } from '../../../src/scan/reference/xml-text.ts';

function read(text: string): unknown {
  const bytes = Buffer.from(text);
  const parts = new TextParts(bytes.length);
  if (!readXml(bytes, 0, bytes.length, parts)) return undefined;
  return JSON.parse(Buffer.from(parts.bytes.subarray(0, parts.end)).toString());
}

describe('scan/reference/xml-text', () => {
  it('reads elements, attributes, text and character data', () => {
    const text = '<?xml version="1.0"?><!-- c --><a x="1" y=\'2\'><b> t </b><c/><![CDATA[<raw>]]></a>';
    expect(read(text)).to.deep.equal([null, { a: [null, { x: '1', y: '2' }, { b: [null, 't'] }, { c: [null] }, '<raw>'] }]);
  });

  it('refuses tags that do not match, cut text and text without elements', () => {
    for (const text of ['<a></b>', '<a><b></a>', '<a', '<a x=1></a>', '</a>', 'x']) expect(read(text), text).to.equal(undefined);
  });

  it('bounds nesting', () => {
    expect(read('<a>'.repeat(1000) + '</a>'.repeat(1000))).to.equal(undefined);
  });

  it('tells XML by its first and last byte', () => {
    const looks = (text: string): boolean => looksLikeXml(Buffer.from(text), 0, text.length);
    expect([' <a/>\n', '<a', 'a>', ''].map(looks)).to.deep.equal([true, false, false, false]);
  });
});
