import { expect } from 'chai';
import { isForbiddenAddress, isLoopbackAddress, isMetadataName } from '../../../src/sinks/http/forbidden-address.ts';

describe('sinks/http/forbidden-address', () => {
  it('knows link-local and metadata addresses in every clothing, and leaves others alone', () => {
    const refused = [
      '169.254.0.1',
      '169.254.169.254',
      '::ffff:169.254.169.254',
      '[::ffff:a9fe:a9fe]',
      '::169.254.169.254',
      '64:ff9b::a9fe:a9fe',
      'fe80::1',
      'febf::1%eth0',
      'fd00:ec2::254',
      'FD00:0EC2:0::254',
      'fd20:ce::254',
      '100.100.100.200',
      '168.63.129.16',
    ];
    const taken = [
      '169.253.1.1',
      '170.254.1.1',
      '10.0.0.1',
      '127.0.0.1',
      '::1',
      '::',
      'fec0::1',
      'fd00:ec2::253',
      '192.0.2.1',
      'example.com',
      '169.254.example.com',
    ];
    expect(refused.filter((address) => !isForbiddenAddress(address))).to.deep.equal([]);
    expect(taken.filter(isForbiddenAddress)).to.deep.equal([]);
  });

  it('knows the names of metadata services and the addresses of this machine', () => {
    expect(['metadata.google.internal', 'METADATA.google.internal.', 'instance-data'].every(isMetadataName)).to.equal(true);
    expect(['google.internal', 'metadata.example.com', ''].some(isMetadataName)).to.equal(false);
    expect(['127.0.0.1', '127.9.9.9', '::1', '[::1]', '::ffff:127.0.0.1'].every(isLoopbackAddress)).to.equal(true);
    expect(['128.0.0.1', '::', '::2', 'localhost', '0.0.0.0'].some(isLoopbackAddress)).to.equal(false);
  });
});
