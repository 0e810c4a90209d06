import { expect } from 'chai';
import fc from 'fast-check';
import { type Key, KeyReader } from '../../../src/cli/tail/keys.ts';

const shown = (keys: readonly Key[]): string => keys.map((key) => (key.type === 'named' ? `<${key.name}>` : key.text)).join('');
const read = (...parts: readonly string[]): string => {
  const reader = new KeyReader();
  return parts.map((part) => shown(reader.read(Buffer.from(part, 'latin1')))).join('|');
};
const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

describe('cli/tail/keys', () => {
  it('knows letters, arrows and pages as terminals send them', () => {
    expect(read('jk\u001b[A\u001bOB\u001b[5~\u001b[6~\u001b[H\u001b[4~\u001b[1;5C\r\u007f\u0003\u001a')).to.equal(
      'jk<up><down><page-up><page-down><home><end><right><enter><backspace><ctrl-c><ctrl-z>',
    );
  });

  it('takes an escape alone for the key, and one that was cut for the beginning of a sequence', () => {
    expect(read('\u001b')).to.equal('<escape>');
    expect(read('\u001b[', 'A')).to.equal('|<up>');
    expect(read('\u001b[3', '~x')).to.equal('|<delete>x');
  });

  it('passes over sequences it does not know, whole', () => {
    expect(read('\u001b[200~a\u001b[201~\u001b[<0;3;4Mb\u001b[99;99u')).to.match(/^a(<enter>)?b$/);
  });

  it('puts characters together that were cut', () => {
    const text = utf8('世\u{1f600}');
    for (let at = 1; at < text.length; at++)
      expect(read(text.slice(0, at), text.slice(at)).replace('|', '')).to.equal('世\u{1f600}');
  });

  it('reads anything in any pieces without a control character as text, and comes to its end', () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 40 })), (parts) => {
        const reader = new KeyReader();
        for (const key of parts.flatMap((part) => reader.read(part)))
          if (key.type === 'text') expect(key.text).not.to.match(/\p{Cc}/u);
      }),
    );
  });
});
