import { expect } from 'chai';
import { type Certificates, makeCertificates } from '../../src/crypto/certificate-authority.ts';
import { isForHost, isKeyOf, isSignedBy, readCertificates } from '../../src/crypto/certificate-facts.ts';

const request = {
  authorityName: 'auditveil test',
  serverNames: ['audit.example.com', '192.0.2.10', '2001:db8::1'],
  clientName: 'kube-apiserver',
  authorityDays: 100,
  leafDays: 10,
  now: new Date('2026-05-04T09:00:00Z'),
};

describe('crypto/certificate-facts', () => {
  let made: Certificates;
  let other: Certificates;
  before(async () => {
    made = await makeCertificates(request);
    other = await makeCertificates({ ...request, authorityName: 'another' });
  });

  it('reads names and times, of every certificate of a bundle', () => {
    const [server, authority] = readCertificates(made.server.certificate + made.authority.certificate);
    expect(server?.commonName).to.equal('audit.example.com');
    expect(server?.names.slice(0, 2)).to.deep.equal(['audit.example.com', '192.0.2.10']);
    expect(server?.validToMs).to.equal(Date.parse('2026-05-14T09:00:00Z'));
    expect(authority?.commonName).to.equal('auditveil test');
  });

  it('knows no certificate in other texts', () => {
    expect(readCertificates('')).to.deep.equal([]);
    expect(readCertificates('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).to.deep.equal([]);
  });

  it('tells who signed it, which key is its own and for which hosts it is', () => {
    expect(isSignedBy(made.client.certificate, other.authority.certificate + made.authority.certificate)).to.equal(true);
    expect(isSignedBy(made.client.certificate, other.authority.certificate)).to.equal(false);
    expect(isKeyOf(made.server.privateKey, made.server.certificate)).to.equal(true);
    expect(isKeyOf(other.server.privateKey, made.server.certificate)).to.equal(false);
    expect(isKeyOf('nothing', made.server.certificate)).to.equal(false);
    const hosts = ['audit.example.com', '192.0.2.10', '2001:db8::1', 'www.example.com', '192.0.2.11'];
    expect(hosts.map((host) => isForHost(made.server.certificate, host))).to.deep.equal([true, true, true, false, false]);
  });
});
