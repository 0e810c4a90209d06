import { expect } from 'chai';
import fc from 'fast-check';
import { valueTypes } from '../../src/core/extracts.ts';
import { ByteValue, commandOfUri, percentDecode, unescapeJson } from '../../src/detection/event-value.ts';

describe('detection/event-value', () => {
  it('decodes the inside of a JSON string as JSON.parse does', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const raw = JSON.stringify(text).slice(1, -1);
        expect(unescapeJson(raw)).to.equal(text);
        const escaped = [...text].map((char) =>
          [...char].map((c) => `\\u${(c.codePointAt(0) ?? 0).toString(16).padStart(4, '0')}`).join(''),
        );
        if ([...text].every((char) => (char.codePointAt(0) ?? 0) < 0x10000))
          expect(unescapeJson(escaped.join(''))).to.equal(text);
      }),
    );
  });

  it('decodes percent escapes as UTF-8 and leaves a stray percent sign alone', () => {
    expect(percentDecode('%2Fetc%2fshadow 100% %zz caf%C3%A9')).to.equal('/etc/shadow 100% %zz café');
  });

  it('joins the command parameters of a URI, whatever stands between them', () => {
    const uri = '/api/v1/namespaces/a/pods/b/exec?command=sh&container=c&command=-c&c%6fmmand=cat+%2Fetc%2Fshadow&stdin=true';
    expect(commandOfUri(uri)).to.equal('sh -c cat /etc/shadow');
    expect(commandOfUri('/api/v1/pods')).to.equal('');
  });

  it('gives text, folded text and bytes of an escaped value', () => {
    const raw = new TextEncoder().encode('xpass\\u0077OrDx');
    const value = new ByteValue().set(raw, 1, raw.length - 1, valueTypes.escaped, 'none');
    expect(value.text()).to.equal('passwOrD');
    expect(value.folded()).to.equal('password');
    expect(Buffer.from(value.utf8()).toString()).to.equal('passwOrD');
  });

  it('keeps no text after clear', () => {
    const raw = new TextEncoder().encode('hidden');
    const value = new ByteValue().set(raw, 0, raw.length, valueTypes.string, 'none');
    expect(value.text()).to.equal('hidden');
    value.clear();
    expect(value.text()).to.equal('');
  });
});
