import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import { gzip } from '../../../src/pipeline/gzip.ts';
import { encodedRun } from '../../../src/scan/reference/encoded-run.ts';
import { type EncodedText, readEncoded } from '../../../src/scan/reference/encoded-text.ts';

const plain = 'user: app, password: hunter2 and some more text to fill a line or two, with ümlauts too.';

function read(text: string, budget = 1e6): EncodedText | undefined {
  const bytes = Buffer.concat([Buffer.from(text), Buffer.alloc(64)]);
  const at = encodedRun(bytes, 0, text.length);
  return at < 0 ? undefined : readEncoded(bytes, at, text.length, budget, gzip);
}
const textOf = (text: string): string | undefined => {
  const found = read(text)?.text;
  return found && Buffer.from(found).toString();
};

describe('scan/reference/encoded-text', () => {
  const base64 = Buffer.from(plain).toString('base64');

  it('reads base64 of both alphabets, padded or not, over lines, hexadecimal digits, UTF-16 and gzip', () => {
    const url = Buffer.from(`${plain}???>>>`).toString('base64url');
    expect(textOf(base64)).to.equal(plain);
    expect(textOf(base64.replace(/=+$/, ''))).to.equal(plain);
    expect(textOf(url)).to.equal(`${plain}???>>>`);
    expect(textOf(base64.replace(/.{64}/g, '$&\n  '))).to.equal(plain);
    expect(textOf(base64.replace(/.{64}/g, '$&\\n'))).to.equal(plain);
    expect(textOf(Buffer.from(plain).toString('hex'))).to.equal(plain);
    expect(textOf(Buffer.from(plain, 'utf16le').toString('base64'))).to.equal(plain);
    expect(textOf(Buffer.from(plain, 'utf16le').swap16().toString('base64'))).to.equal(plain);
    expect(textOf(gzipSync(plain).toString('base64'))).to.equal(plain);
  });

  it('writes another text the same way', () => {
    const other = Buffer.from('something else, and longer than a line of the text that was there before it');
    const written = (text: string): Buffer => Buffer.from(read(text)!.encode(other));
    expect(Buffer.from(written(base64).toString(), 'base64')).to.deep.equal(other);
    expect(written(Buffer.from(plain).toString('hex').toUpperCase()).toString()).to.equal(other.toString('hex').toUpperCase());
    expect(
      Buffer.from(written(Buffer.from(plain, 'utf16le').toString('base64')).toString(), 'base64').toString('utf16le'),
    ).to.equal(other.toString());
    expect(written(Buffer.from('abc password').toString('base64url')).toString()).not.to.match(/[+/]/);
    const zipped = Buffer.from(written(gzipSync(plain).toString('base64')).toString(), 'base64');
    expect(gzip.unzip(zipped, 1e6)).to.deep.equal(other);
  });

  it('does not take names, digests, ids and binary data for text', () => {
    const others = [
      'prometheus-kube-prometheus-operator-admission',
      '1675d68743d03ce660cfeb16f166f6ce55992ba3f6d1e47d1956ead151dacdae',
      'd871c064-7c85-487b-afe5-fb75e667bb9e',
      '/api/v1/namespaces/production/persistentvolumeclaims',
      Buffer.from(Uint8Array.from({ length: 40 }, (_, i) => 255 - i * 3)).toString('base64'),
    ];
    for (const other of others) expect(read(other), other).to.equal(undefined);
  });

  it('says where text unpacks to more than is allowed', () => {
    const found = read(gzipSync('a'.repeat(100_000)).toString('base64'), 1000);
    expect(found).to.not.equal(undefined);
    expect(found?.text).to.equal(undefined);
  });
});
