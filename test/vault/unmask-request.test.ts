import { expect } from 'chai';
import { approved, checkApproval, type RequestFile, readRequest } from '../../src/vault/unmask-request.ts';
import { newSigningKey } from '../support/sealed-log.ts';

describe('vault/unmask-request', () => {
  const [key, other] = [newSigningKey(), newSigningKey()];
  const file: RequestFile = {
    request: {
      ...{ format: 'auditveil.unmask/1', id: '0'.repeat(32), pseudonyms: ['[MASKED:user:k1:0]'], reason: 'INC-17' },
      ...{ requester: { name: 'ann', uid: 1 }, made: '2026-01-01T00:00:00Z', expires: '2026-01-02T00:00:00Z' },
    },
  };
  const nowMs = Date.parse('2026-01-01T10:00:00Z');
  const second = { name: 'bob', uid: 2 };
  const check = (given: RequestFile, approvers = [key.publicPem], now = nowMs): unknown => {
    try {
      return checkApproval(given, approvers, now);
    } catch (error) {
      return (error as { readonly code: string }).code;
    }
  };

  it('is good once a second person who may approve has signed it', () => {
    expect(check(approved(file, second, key))).to.match(/^[0-9a-f]{32}$/);
    expect(check(approved(file, second, key), [other.publicPem, key.publicPem])).to.match(/^[0-9a-f]{32}$/);
  });

  it('is refused in every other case', () => {
    const good = approved(file, second, key);
    const changed = (change: object): RequestFile => ({ ...good, request: { ...good.request, ...change } });
    expect(check(file)).to.equal('E_UNMASK_APPROVAL');
    expect(check(good, [other.publicPem])).to.equal('E_UNMASK_APPROVAL');
    expect(check(good, [])).to.equal('E_UNMASK_APPROVAL');
    for (const change of [
      { pseudonyms: ['x'] },
      { reason: 'y' },
      { expires: '2030-01-01T00:00:00Z' },
      { requester: { name: 'eve', uid: 9 } },
    ])
      expect(check(changed(change)), JSON.stringify(change)).to.equal('E_UNMASK_APPROVAL');
    expect(check({ ...good, approver: { name: 'carl', uid: 3 } })).to.equal('E_UNMASK_APPROVAL');
    expect(check({ ...good, approver: { name: 'ann', uid: 1 } })).to.equal('E_UNMASK_SELF');
    expect(check(good, [key.publicPem], Date.parse('2026-01-02T00:00:00Z'))).to.equal('E_UNMASK_EXPIRED');
    expect(() => approved(file, { name: 'ann', uid: 1 }, key)).to.throw(/cannot approve/);
  });

  it('is read whole or not at all', () => {
    expect(readRequest(JSON.stringify(file), 'f')).to.deep.equal(file);
    for (const text of ['', '{}', '{"request":{}}', 'null', JSON.stringify({ request: { ...file.request, pseudonyms: [1] } })])
      expect(() => readRequest(text, 'f')).to.throw(/is no request/);
  });
});
