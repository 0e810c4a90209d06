import { expect } from 'chai';
import fc from 'fast-check';
import { plainJson } from '../../src/findings/plain-json.ts';

describe('findings/plain-json', () => {
  it('writes the same value without characters that reorder text or steer a terminal', () => {
    const hostile = fc.constantFrom(
      '\u202e',
      '\u2066',
      '\u009b',
      '\u007f',
      '\u2028',
      '\u{e0001}',
      '\u001b',
      '\n',
      '"',
      '\\',
      'a',
      'é',
      '支',
    );
    const text = fc.array(hostile).map((some) => some.join(''));
    fc.assert(
      fc.property(text, text, (name, value) => {
        const line = plainJson({ [name]: [value] });
        const indented = plainJson({ [name]: [value] }, 2);
        for (const json of [line, indented]) expect(JSON.parse(json)).to.deep.equal({ [name]: [value] });
        expect(line).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
        expect(indented.split('\n').length).to.equal(5);
        expect(indented.replaceAll('\n', '')).not.to.match(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
      }),
    );
    expect(plainJson({ user: 'a\u202eb' })).to.equal('{"user":"a\\u202eb"}');
  });
});
