import { gzipSync } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import { holdsNoText } from '../../../src/scan/reference/encoded-guess.ts';
import { readEncoded } from '../../../src/scan/reference/encoded-text.ts';

const codecs = { unzip: () => Buffer.from('text'), zip: (bytes: Uint8Array) => bytes };

/** What holds text of some kind, or nearly. */
const contents = fc.oneof(
  fc.string({ maxLength: 60 }).map((text) => Buffer.from(text)),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text)),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(text, 'utf16le')),
  fc.string({ unit: 'binary', maxLength: 40 }).map((text) => Buffer.from(text, 'utf16le')),
  fc.string({ maxLength: 40 }).map((text) => Buffer.from(text, 'utf16le').swap16()),
  fc.string({ maxLength: 40 }).map((text) => gzipSync(text)),
  fc.uint8Array({ maxLength: 60 }).map((bytes) => Buffer.from(bytes)),
);
const digits = fc.oneof(
  fc.tuple(contents, fc.constantFrom('base64', 'base64url', 'hex')).map(([bytes, how]) => bytes.toString(how as 'base64')),
  fc.stringMatching(/^[A-Za-z0-9+/_-]{0,80}$/),
  fc.stringMatching(/^[0-9a-f]{0,80}$/),
);

describe('scan/reference/encoded-guess', () => {
  it('says that a run holds no text exactly where none is read from it, but for what goes on in another line and hexadecimal digits', () => {
    fc.assert(
      fc.property(digits, fc.constantFrom('', '=', '==', '"', '\n', '\\nabcd', ' x', '\r\nAAAA'), (run, after) => {
        const bytes = Buffer.from(run + after);
        const read = readEncoded(bytes, 0, bytes.length, 1_000_000, codecs);
        if (holdsNoText(bytes, 0, bytes.length)) expect(read).to.equal(undefined);
        else if (run.length <= 84 && !/^[0-9a-f]*=*$/i.test(run) && !/^[\\\s]/.test(after))
          expect(read, 'what may be read').not.to.equal(undefined);
      }),
      { numRuns: 4000 },
    );
  });

  it('knows words from what is encoded', () => {
    const says = (text: string): boolean => holdsNoText(Buffer.from(text), 0, text.length);
    for (const word of ['worker_processes', 'spring/datasource/password', 'AuthorizationToken'])
      expect(says(word), word).to.equal(true);
    expect(says(Buffer.from('password=hunter2').toString('base64'))).to.equal(false);
    expect(says(Buffer.from('password=hunter2', 'utf16le').toString('base64url'))).to.equal(false);
  });
});
