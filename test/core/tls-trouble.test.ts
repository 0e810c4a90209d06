import { expect } from 'chai';
import { tlsTrouble } from '../../src/core/tls-trouble.ts';

describe('core/tls-trouble', () => {
  it('says what is wrong and what helps, and nothing of what is not TLS', () => {
    expect(tlsTrouble('CERT_HAS_EXPIRED')?.what).to.contain('expired');
    expect(tlsTrouble('SELF_SIGNED_CERT_IN_CHAIN')?.remedy).to.contain('caFile');
    expect(tlsTrouble('ERR_TLS_CERT_ALTNAME_INVALID')?.remedy).to.contain('serverName');
    expect(tlsTrouble('ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED')?.remedy).to.contain('certFile');
    expect(tlsTrouble('ERR_SSL_TLSV1_ALERT_UNKNOWN_CA')?.remedy).to.contain('certFile');
    expect(tlsTrouble('ERR_SSL_WRONG_VERSION_NUMBER')?.what).to.contain('does not speak TLS');
    expect(tlsTrouble('ERR_SSL_NO_CIPHERS_AVAILABLE')?.what).to.contain('ERR_SSL_NO_CIPHERS_AVAILABLE');
    for (const code of ['', 'ECONNREFUSED', 'ETIMEDOUT']) expect(tlsTrouble(code)).to.equal(undefined);
  });
});
