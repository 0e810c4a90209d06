import { expect } from 'chai';
import { accessTokenHash, newAccessToken, TokenOwners } from '../../src/crypto/access-token.ts';

describe('crypto/access-token', () => {
  it('makes tokens of 256 bits that differ, and headers may carry', () => {
    const tokens = new Set(Array.from({ length: 100 }, newAccessToken));
    expect(tokens.size).to.equal(100);
    for (const token of tokens) expect(token).to.match(/^av_[\w-]{43}$/);
  });

  it('finds the owner of a token by its hash, and of nothing else', () => {
    const [a, b] = [newAccessToken(), newAccessToken()];
    const owners = new TokenOwners([
      [accessTokenHash(a), 'alice'],
      [accessTokenHash(b), 'bob'],
    ]);
    expect([owners.ownerOf(a), owners.ownerOf(b)]).to.deep.equal(['alice', 'bob']);
    for (const wrong of ['', a.slice(1), `${a} `, accessTokenHash(a)]) expect(owners.ownerOf(wrong)).to.equal(undefined);
  });
});
