import { expect } from 'chai';
import { webSchema } from '../../src/config/web-schema.ts';

const tls = { certFile: 'a.pem', keyFile: 'b.pem' };
const tokens = [{ name: 'alice', role: 'analyst', hash: `sha256:${'0'.repeat(64)}` }];

describe('config/web-schema', () => {
  it('is on loopback where nothing else is said', () => {
    expect(webSchema.parse({}).listen).to.equal('127.0.0.1:8090');
  });

  it('goes beyond loopback with TLS and tokens only', () => {
    const isValid = (web: object): boolean => webSchema.safeParse({ listen: '0.0.0.0:8090', ...web }).success;
    expect([isValid({}), isValid({ tls }), isValid({ tokens }), isValid({ tls, tokens })]).to.deep.equal([
      false,
      false,
      false,
      true,
    ]);
    expect(webSchema.safeParse({ listen: '0.0.0.0:8090' }).error?.message).to.include('`web.tls` and `web.tokens`');
  });

  it('takes hashes, not tokens', () => {
    expect(webSchema.safeParse({ tokens: [{ ...tokens[0], hash: 'av_secret' }] }).success).to.equal(false);
  });
});
