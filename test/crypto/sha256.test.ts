import { expect } from 'chai';
import { sha256, sha256Hex } from '../../src/crypto/sha256.ts';

describe('crypto/sha256', () => {
  it('gives the answer of FIPS 180-4 for "abc", however the text is divided', () => {
    const want = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
    expect(sha256Hex('abc')).to.equal(want);
    expect(sha256Hex('a', new TextEncoder().encode('bc'))).to.equal(want);
    expect(sha256('abc').length).to.equal(32);
  });
});
