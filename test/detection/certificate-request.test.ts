import { expect } from 'chai';
import fc from 'fast-check';
import { subjectOfRequest } from '../../src/detection/certificate-request.ts';

/** Made with openssl, subjects as given: ed25519 keys that nobody has kept. */
const requests: Readonly<Record<string, string>> = {
  'O=system:masters,CN=eve':
    'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHbU1Gb0NBUUF3SnpFWE1CVUdBMVVFQ2d3T2MzbHpkR1Z0T20xaGMzUmxjbk14RERBS0JnTlZCQU1NQTJWMgpaVEFxTUFVR0F5dGxjQU1oQUhDRHNtUTBIaUpqMGRxK25wNElPTzU1U1EwSDQyYWk1Rk9WRFJzOXlUMGNvQUF3CkJRWURLMlZ3QTBFQTRjNGJJVHFEL3c3SVpFMytnVmhDM2RpYXNXZ2xvQ2hxSDk1MW1PVnBWNkEvN2VkYy9JTXIKVTd6OVg4SHFXaHJKSDF3eUlmK095VEdSOVVRejZQVHNCUT09Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=',
  'CN=system:kube-controller-manager':
    'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHb01Gd0NBUUF3S1RFbk1DVUdBMVVFQXd3ZWMzbHpkR1Z0T210MVltVXRZMjl1ZEhKdmJHeGxjaTF0WVc1aApaMlZ5TUNvd0JRWURLMlZ3QXlFQUdlWVVYR2xtZ0QvSDY4V1REUmQ4TUowaCt4ZFVqZ1NzNXFvNlFRSFdZU0NnCkFEQUZCZ01yWlhBRFFRRHNBODg5QXArbUlPV2ZvNDZlTWtja0FJWjJ2TFgzRDFVaG9UclFRMjZzaTA1RjZzN0EKMXV0dXpNMkpHQjQ0VlFLeFFPamk2YXpZT2FtV1JMWm9KRDBDCi0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=',
  'CN=b,O=a,O=system:masters,CN=x\\, O=y':
    'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlHL01ITUNBUUF3UURFVU1BZ0dBMVVFQXd3QllqQUlCZ05WQkFvTUFXRXhGekFWQmdOVkJBb01Ebk41YzNSbApiVHB0WVhOMFpYSnpNUTh3RFFZRFZRUUREQVo0TENCUFBYa3dLakFGQmdNclpYQURJUUFPZlBEMWNQV1ZxTm5lCmxhYzlwTXl2ZVJFTXZHcGhKeGs3a1RKRy9LekZlYUFBTUFVR0F5dGxjQU5CQUxLcXAxcFZ5aVJVa254SWxaUjIKVXNOVFR3ZVFINkVYOHA5K0N3WkRNOUZLbnM5Z3R4bFRRU1F4L3pBZWdUUHJKb3U4dGN0YmYyMUNNeThuWTBwaQovQWM9Ci0tLS0tRU5EIENFUlRJRklDQVRFIFJFUVVFU1QtLS0tLQo=',
};

describe('detection/certificate-request', () => {
  it('reads the subject, with what separates its parts escaped in values', () => {
    for (const [subject, request] of Object.entries(requests)) expect(subjectOfRequest(request)).to.equal(subject);
  });

  it('gives nothing for what is no request', () => {
    for (const text of ['', 'x', '====', Buffer.from('-----BEGIN CERTIFICATE REQUEST-----\nMII\n-----END').toString('base64')])
      expect(subjectOfRequest(text), text).to.equal('');
    const [whole = ''] = Object.values(requests);
    expect(subjectOfRequest(whole + ' '.repeat(70_000))).to.equal('');
  });

  it('ends for every damaged request', () => {
    const [whole = ''] = Object.values(requests);
    const pem = Buffer.from(whole, 'base64').toString('latin1');
    const [, body = ''] = /REQUEST-----([^-]*)-----END/.exec(pem) ?? [];
    const der = Buffer.from(body, 'base64');
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(der.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 }), (changes) => {
        const damaged = Buffer.from(der);
        for (const [at, byte] of changes) damaged[at] = byte;
        const text = `-----BEGIN CERTIFICATE REQUEST-----\n${damaged.toString('base64')}\n-----END CERTIFICATE REQUEST-----`;
        expect(subjectOfRequest(Buffer.from(text).toString('base64'))).to.be.a('string');
      }),
      { numRuns: 300 },
    );
  });
});
