import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type TLSSocket } from 'node:tls';
import { expect } from 'chai';
import { type Certificates, makeCertificates } from '../../src/crypto/certificate-authority.ts';

const request = {
  authorityName: 'auditveil test',
  serverNames: ['audit.example.com', '127.0.0.1', '::1'],
  clientName: 'kube-apiserver',
  authorityDays: 100,
  leafDays: 10,
};

describe('crypto/certificate-authority', () => {
  let made: Certificates;

  before(async () => {
    made = await makeCertificates({ ...request, now: new Date() });
  });

  it('signs both certificates with its own authority, for one purpose each', () => {
    const authority = new X509Certificate(made.authority.certificate);
    const server = new X509Certificate(made.server.certificate);
    const client = new X509Certificate(made.client.certificate);
    expect(authority.ca).to.equal(true);
    for (const leaf of [server, client]) {
      expect(leaf.ca).to.equal(false);
      expect(leaf.verify(authority.publicKey)).to.equal(true);
    }
    expect(server.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.1']);
    expect(client.keyUsage).to.deep.equal(['1.3.6.1.5.5.7.3.2']);
  });

  it('puts names as names and addresses as addresses into the certificate', () => {
    const server = new X509Certificate(made.server.certificate);
    expect(server.checkHost('audit.example.com')).to.equal('audit.example.com');
    expect(server.checkIP('127.0.0.1')).to.equal('127.0.0.1');
    expect(server.checkIP('192.0.2.1')).to.equal(undefined);
  });

  it('ends with its days, and has begun an hour ago', async () => {
    const now = new Date('2026-05-04T12:00:00Z');
    const { server } = await makeCertificates({ ...request, now });
    const certificate = new X509Certificate(server.certificate);
    expect(Date.parse(certificate.validTo)).to.equal(Date.parse('2026-05-14T12:00:00Z'));
    expect(Date.parse(certificate.validFrom)).to.equal(Date.parse('2026-05-04T11:00:00Z'));
  });

  it('gives certificates with which both sides of a TLS connection prove who they are', async () => {
    expect(await nameSeen(made.client)).to.equal('kube-apiserver');
  });

  it('gives none that another authority would take', async () => {
    const other = await makeCertificates({ ...request, now: new Date() });
    expect(await nameSeen(other.client)).to.equal(undefined);
  });

  /** The name of the client as the server sees it; undefined where the server refuses it. */
  async function nameSeen(client: Certificates['client']): Promise<string | undefined> {
    const server = createServer({
      cert: made.server.certificate,
      key: made.server.privateKey,
      ca: made.authority.certificate,
      requestCert: true,
      rejectUnauthorized: true,
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const seen = new Promise<string | undefined>((resolve) => {
      server.once('secureConnection', (socket: TLSSocket) => {
        const { CN } = socket.getPeerCertificate().subject;
        resolve(typeof CN === 'string' ? CN : undefined);
      });
      server.once('tlsClientError', () => resolve(undefined));
    });
    const { port } = server.address() as AddressInfo;
    const socket = connect({
      port,
      host: '127.0.0.1',
      ca: made.authority.certificate,
      cert: client.certificate,
      key: client.privateKey,
    });
    socket.on('error', () => undefined);
    try {
      return await seen;
    } finally {
      socket.destroy();
      server.close();
    }
  }
});
