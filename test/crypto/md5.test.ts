import { expect } from 'chai';
import { md5Base64 } from '../../src/crypto/md5.ts';

describe('crypto/md5', () => {
  it('gives the digests of RFC 1321 in base64', () => {
    expect(md5Base64(new Uint8Array())).to.equal('1B2M2Y8AsgTpgAmY7PhCfg==');
    expect(Buffer.from(md5Base64(Buffer.from('abc')), 'base64').toString('hex')).to.equal('900150983cd24fb0d6963f7d28e17f72');
  });
});
