import type { LookupAddress } from 'node:dns';
import { expect } from 'chai';
import { guardedLookup } from '../../../src/sinks/http/guarded-lookup.ts';

type Answer = readonly [error: string | undefined, addresses: string | LookupAddress[]];

function ask(addresses: readonly string[], loopbackOnly: boolean, all: boolean): Promise<Answer> {
  const found = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  const lookup = guardedLookup(loopbackOnly, (_name, done) => done(null, found));
  return new Promise((resolve) =>
    lookup('name.example.com', { all }, (error, answer) => resolve([(error as { code?: string } | null)?.code, answer])),
  );
}

describe('sinks/http/guarded-lookup', () => {
  it('passes addresses on in the form asked for', async () => {
    expect(await ask(['192.0.2.1', '2001:db8::1'], false, false)).to.deep.equal([undefined, '192.0.2.1']);
    const [, all] = await ask(['192.0.2.1', '2001:db8::1'], false, true);
    expect(all).to.have.length(2);
  });

  it('refuses a name as a whole for one address that is not allowed', async () => {
    for (const all of [true, false]) {
      expect((await ask(['192.0.2.1', '169.254.169.254'], false, all))[0]).to.equal('E_SINK_ADDRESS');
      expect((await ask(['127.0.0.1', '192.0.2.1'], true, all))[0]).to.equal('E_SINK_ADDRESS');
      expect((await ask(['127.0.0.1', '::1'], true, all))[0]).to.equal(undefined);
      expect((await ask([], false, all))[0]).to.equal('ENOTFOUND');
    }
  });
});
