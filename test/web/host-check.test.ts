import { expect } from 'chai';
import { ApiFault } from '../../src/web/api-fault.ts';
import { checkHost } from '../../src/web/host-check.ts';

const isTaken = (host: string | undefined, listen = '127.0.0.1:8090', hosts: readonly string[] = []): boolean => {
  try {
    checkHost(host, listen, hosts);
    return true;
  } catch (error) {
    expect(error).to.be.instanceOf(ApiFault);
    return false;
  }
};

describe('web/host-check', () => {
  it('takes names of this machine, with any port, and names that are listed', () => {
    for (const host of ['127.0.0.1:8090', 'localhost', 'LOCALHOST:9', '[::1]:8090', '127.0.0.2'])
      expect(isTaken(host), host).to.equal(true);
    expect(isTaken('audit.example.com:443', '127.0.0.1:8090', ['audit.example.com'])).to.equal(true);
    expect(isTaken('192.0.2.9:8090', '192.0.2.9:8090')).to.equal(true);
  });

  it('refuses every other name: it may point here and belong to somebody else', () => {
    for (const host of [
      undefined,
      '',
      'evil.example',
      'localhost.evil.example',
      '127.0.0.1.evil.example',
      'evil.example:8090',
      '127.0.0.1:8090@evil.example',
    ])
      expect(isTaken(host), host).to.equal(false);
  });
});
