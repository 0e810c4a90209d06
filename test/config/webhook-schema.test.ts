import { expect } from 'chai';
import { loadConfig } from '../../src/config/load-config.ts';
import type { Faults } from '../../src/core/faults.ts';

const load = (source: string) =>
  loadConfig(`version: 1\ncluster: { name: c }\nsources:\n  - { type: webhook, ${source} }\n`, '/etc/a/config.yaml', {});
const tls = 'tls: { certFile: s.crt, keyFile: s.key';

describe('config/webhook-schema', () => {
  const fault = (source: string): string => {
    try {
      load(source);
      return 'none';
    } catch (error) {
      return (error as Faults).faults.map(({ location, message }) => `${location?.line} ${message}`).join('\n');
    }
  };

  it('refuses a listener that takes events from anyone, unless it is told so in words', () => {
    expect(fault(`listen: "0.0.0.0:8443", ${tls} }`)).to.match(/^4 sources\.0\.listen: anyone who reaches it could forge/);
    for (const listen of ['127.0.0.2:1', '[::1]:1', 'localhost:1'])
      expect(fault(`listen: "${listen}", ${tls} }`)).to.equal('none');
    for (const listen of [':1', '[::]:1', '127.example.com:1', '192.0.2.1:1'])
      expect(fault(`listen: "${listen}", ${tls} }`), listen).to.match(/could forge/);
    expect(fault(`listen: ":1", ${tls}, clientCaFile: ca.crt }`)).to.equal('none');
    expect(fault(`listen: ":1", ${tls} }, tokenFiles: [t]`)).to.equal('none');
    expect(fault(`listen: ":1", ${tls} }, allowUnprotected: true`)).to.equal('none');
  });

  it('refuses plain HTTP even on loopback, unless it is told so', () => {
    expect(fault('tokenFiles: [t]')).to.match(/plain HTTP/);
    expect(fault('allowUnprotected: true')).to.equal('none');
  });

  it('makes the paths of certificates and tokens absolute', () => {
    const [source] = load(`${tls}, clientCaFile: ca.crt }, tokenFiles: [t]`).sources;
    expect(source).to.deep.include({
      tls: { certFile: '/etc/a/s.crt', keyFile: '/etc/a/s.key', clientCaFile: '/etc/a/ca.crt', allowedNames: [] },
      tokenFiles: ['/etc/a/t'],
    });
  });
});
