import { expect } from 'chai';
import fc from 'fast-check';
import { confineText } from '../../../src/sinks/chat/confine-text.ts';

describe('sinks/chat/confine-text', () => {
  it('leaves nothing that calls people, is markup or a link', () => {
    expect(confineText('<!channel> see <https://evil.example.com|here>', 200)).to.equal(
      '‹!channel› see ‹https[:]//evil.example.com|here›',
    );
    expect(confineText('@here @Channel @everyone ann@example.com', 200)).to.equal('＠here ＠Channel ＠everyone ann@example.com');
    expect(confineText('<at>Ann</at> www.example.com', 200)).to.equal('‹at›Ann‹/at› www[.]example.com');
    expect(confineText('a\n\u202eb\u0007c', 200)).to.equal('a b c');
    expect(confineText('x'.repeat(500), 100)).to.have.length(100);
  });

  it('holds for every text', () => {
    const part = fc.constantFrom(
      '<',
      '>',
      '!',
      '@here',
      '@',
      'channel',
      'http',
      ':',
      '/',
      '//',
      '\n',
      'a',
      '\u202e',
      '&lt;',
      '`',
      '*',
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
        const text = confineText(parts.join(''), 80);
        expect(text).not.to.match(/[<>\n\u202e]|@(?:here|channel)|:\/\//);
        // Two characters may be added to each link.
        expect(text.length).to.be.lessThan(160);
      }),
    );
  });
});
