import { expect } from 'chai';
import { TilePool } from '../../src/inspect/tile-pool.ts';
import { engineOf, payloadsOf, tileOf } from '../support/inspect-lines.ts';

const line = (n: number): string =>
  JSON.stringify({ kind: 'Event', verb: 'get', auditID: `a-${n}`, note: 'x'.repeat(900), user: { username: `u${n}` } });

const pack = `
id: names
summary: User names.
rules:
  - { id: users, kind: user, category: personal, about: User names., action: redact, structure: { in: event, mask: [user.username] } }
examples:
  - { name: a name, rule: users, event: { user: { username: jane } }, gone: jane }
  - { name: none, rule: users, event: { verb: get }, unchanged: true }
`;

describe('inspect/tile-pool', () => {
  it('gives the same bytes in memory that held another tile as in fresh memory', () => {
    const engine = engineOf([pack]);
    const first = tileOf(Array.from({ length: 700 }, (_, i) => line(i)));
    const second = tileOf(Array.from({ length: 500 }, (_, i) => line(i + 1000)));
    const fresh = Buffer.from(engineOf([pack]).inspector.inspect(second).bytes);
    const before = engine.inspector.inspect(first);
    new Uint8Array(before.bytes.buffer).fill(0xee);
    engine.inspector.recycle?.(before);
    const after = engine.inspector.inspect(second);
    expect(after.bytes.buffer).to.equal(before.bytes.buffer);
    expect(Buffer.from(after.bytes).equals(fresh)).to.equal(true);
    expect(payloadsOf(after).every((payload) => payload.includes('[MASKED:user]'))).to.equal(true);
  });

  it('never hands memory out twice, though it was given back twice', () => {
    const pool = new TilePool();
    const bytes = pool.take(300_000);
    const tile = { ...engineOf([pack]).inspector.inspect(tileOf([line(1)])), bytes };
    pool.give(tile);
    pool.give(tile);
    expect(pool.take(300_000).buffer).to.equal(bytes.buffer);
    expect(pool.take(300_000).buffer).not.to.equal(bytes.buffer);
  });

  it('keeps neither small buffers nor those that one large event needed', () => {
    const pool = new TilePool();
    for (const size of [1000, 5 * 1024 * 1024]) {
      const bytes = pool.take(size);
      expect(bytes.length).to.be.at.least(size);
      pool.give({ ...engineOf([pack]).inspector.inspect(tileOf([line(1)])), bytes });
      expect(pool.take(size).buffer).not.to.equal(bytes.buffer);
    }
  });
});
