import { expect } from 'chai';
import { systemRandom } from '../../src/crypto/random.ts';
import { needlesOf, replaceValue, vary, withoutMasks } from '../../src/pipeline/canary-values.ts';

const secret = 'xk2Qp9Zr7LmW4vTbYc81';
const leaks = (needles: readonly string[], text: string): boolean => needles.some((needle) => text.includes(needle));

describe('pipeline/canary-values', () => {
  it('varies a value without changing its make', () => {
    for (const value of ['ghp_A1b2C3d4E5f6', 'jane.doe@example.com', '203.0.113.77', 'x-y_z=='])
      for (let i = 0; i < 50; i++) {
        const other = vary(value, systemRandom);
        const make = (text: string): string => text.replace(/[a-z]/g, 'a').replace(/[A-Z]/g, 'A').replace(/[0-9]/g, '0');
        expect(make(other)).to.equal(make(value));
        expect(other.slice(0, 2)).to.equal(value.slice(0, 2));
      }
    expect(vary('jane', systemRandom)).to.match(/^ja[a-z]{10}$/);
    expect(vary('jane-', systemRandom)).to.match(/^ja[a-z]{9}-$/);
    expect(new Set(Array.from({ length: 50 }, () => vary(secret, systemRandom))).size).to.equal(50);
  });

  it('puts another value in place of one, however it is escaped', () => {
    const value = 'a"b\\c';
    const text = JSON.stringify({ plain: value, nested: JSON.stringify({ inner: value }) });
    const other = JSON.stringify({ plain: 'd"e\\f', nested: JSON.stringify({ inner: 'd"e\\f' }) });
    expect(replaceValue(text, value, 'd"e\\f')).to.equal(other);
  });

  it('finds the value and every stretch of 12 characters that is left of it', () => {
    const event = JSON.stringify({ message: `password ${secret} there` });
    const needles = needlesOf(event, secret, false);
    for (let at = 0; at + 12 <= secret.length; at++)
      expect(leaks(needles, `--${secret.slice(at, at + 12)}--`), `${at}`).to.equal(true);
    expect(leaks(needles, event.replace(secret, '[MASKED:password]'))).to.equal(false);
    expect(leaks(needlesOf(event, secret, true), secret.slice(0, -1)), 'only the whole').to.equal(false);
  });

  it('finds it in the encodings it had in the event', () => {
    for (const encode of [
      (text: string) => Buffer.from(text).toString('base64'),
      (text: string) => Buffer.from(`x${text}`).toString('base64'),
      (text: string) => Buffer.from(`xy${text}`).toString('base64'),
      (text: string) => Buffer.from(text).toString('hex'),
      (text: string) => encodeURIComponent(text),
      (text: string) => JSON.stringify(text),
    ]) {
      const event = JSON.stringify({ data: encode(`${secret}&"`) });
      expect(leaks(needlesOf(event, `${secret}&"`, false), event)).to.equal(true);
    }
  });

  it('looks for nothing that the event holds elsewhere, or that is too short to mean anything', () => {
    const event = '{"user":"maintainer-of-things","note":"maintainer-of-things-and-more"}';
    expect(leaks(needlesOf(event, 'maintainer-of-things-and-more', false), '{"user":"maintainer-of-things"}')).to.equal(false);
    expect(needlesOf('{"a":"12345"}', '12345', false)).to.deep.equal([]);
  });

  it('takes masks out, plain and percent-encoded', () => {
    expect(withoutMasks('a[MASKED:ip]b[MASKED:user:k1:0123456789abcdef]c?t=%5BMASKED%3Auri-parameter%5D')).not.to.include(
      'MASKED',
    );
  });
});
