import { expect } from 'chai';
import { Secret } from '../../../src/core/secret.ts';
import { sha256Hex } from '../../../src/crypto/sha256.ts';
import { FingerprintKey } from '../../../src/sources/file/fingerprint-key.ts';

describe('sources/file/fingerprint-key', () => {
  const keyOf = (byte: number) => new FingerprintKey(new Secret(new Uint8Array(32).fill(byte)));
  const line = Buffer.from('{"auditID":"1"}');

  it('gives a line the same fingerprint under one key, from the line or from its hash, and another one under another key', () => {
    expect(keyOf(1).of(line)).to.match(/^[0-9a-f]{32}$/);
    expect(keyOf(1).ofHash(sha256Hex(line))).to.equal(keyOf(1).of(line));
    expect(keyOf(2).of(line)).to.not.equal(keyOf(1).of(line));
    expect(keyOf(1).of(line.subarray(1))).to.not.equal(keyOf(1).of(line));
    expect(sha256Hex(line)).to.not.include(keyOf(1).of(line));
  });

  it('names a key without saying anything of it', () => {
    expect(keyOf(1).id).to.match(/^[0-9a-f]{16}$/);
    expect(keyOf(1).id).to.equal(keyOf(1).id);
    expect(keyOf(2).id).to.not.equal(keyOf(1).id);
  });
});
