import { expect } from 'chai';
import { valueTypes } from '../../../src/core/extracts.ts';
import { ByteValue } from '../../../src/detection/event-value.ts';
import { type Anchor, parseSigmaString, plainText, testOfSigmaString } from '../../../src/detection/sigma/sigma-string.ts';

const fits = (pattern: string, text: string, anchor: Anchor = 'whole', cased = false): boolean => {
  const bytes = new TextEncoder().encode(text);
  return testOfSigmaString(parseSigmaString(pattern), anchor, cased).test(
    new ByteValue().set(bytes, 0, bytes.length, valueTypes.string, 'none'),
  );
};

describe('detection/sigma/sigma-string', () => {
  it('compares whole texts without case', () => {
    expect(fits('delete', 'DELETE')).to.equal(true);
    expect(fits('delete', 'deletecollection')).to.equal(false);
  });

  it('takes * for any text and ? for one character', () => {
    expect(fits('a*c', 'abbbc')).to.equal(true);
    expect(fits('a*c', 'ac')).to.equal(true);
    expect(fits('a?c', 'ac')).to.equal(false);
    expect(fits('*secret*', 'my-Secret-1')).to.equal(true);
    expect(fits('a*b*c', 'a-c-b')).to.equal(false);
    expect(fits('a**b', 'a-b')).to.equal(true);
  });

  it('takes escaped wildcards as they are, and a lone backslash as itself', () => {
    expect(fits('\\*', '*')).to.equal(true);
    expect(fits('\\*', 'anything')).to.equal(false);
    expect(fits('a\\?', 'a?')).to.equal(true);
    expect(fits('c:\\temp', 'C:\\Temp')).to.equal(true);
    expect(fits('c:\\\\*', 'c:\\anything')).to.equal(true);
    expect(plainText(parseSigmaString('a\\*b'))).to.equal('a*b');
    expect(plainText(parseSigmaString('a*b'))).to.equal(undefined);
  });

  it('takes a lone star for "not empty" and the empty text for itself', () => {
    expect(fits('*', 'x')).to.equal(true);
    expect(fits('*', '')).to.equal(false);
    expect(fits('', '')).to.equal(true);
    expect(fits('', 'x')).to.equal(false);
  });

  it('combines anchors with wildcards', () => {
    expect(fits('b*d', 'abcde', 'contains')).to.equal(true);
    expect(fits('b*d', 'abcde', 'startswith')).to.equal(false);
    expect(fits('c?e', 'abcde', 'endswith')).to.equal(true);
    expect(fits('ABC', 'abcde', 'startswith', true)).to.equal(false);
  });
});
