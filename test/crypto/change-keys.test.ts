import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { limits } from '../../src/core/limits.ts';
import { rotated, withHold, withoutEpoch } from '../../src/crypto/change-keys.ts';
import { formatKeyFile, formatKeyRing, type KeyRing, parseKeyFile } from '../../src/crypto/key-ring.ts';
import { systemRandom } from '../../src/crypto/random.ts';

const dayMs = 86_400_000;
const startMs = Date.parse('2026-01-01T00:00:00Z');
const fresh = (): KeyRing => parseKeyFile(formatKeyFile(systemRandom(32), '2026-01-01T00:00:00Z', 'prod'), 'keys.json');
const rotate = (ring: KeyRing, nowMs: number, fromMs = nowMs, overlapMs = dayMs): KeyRing =>
  rotated(ring, { key: systemRandom(32), nowMs, fromMs, overlapMs });
const statuses = (ring: KeyRing, timeMs: number): string[] => ring.list(timeMs).map(({ id, status }) => `${id} ${status}`);

function codeOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
  return 'none';
}

describe('crypto/change-keys', () => {
  it('lets an epoch pass from pending to active, and the one before it through the overlap', () => {
    const ring = rotate(fresh(), startMs + dayMs, startMs + 3 * dayMs);
    expect(statuses(ring, startMs + 2 * dayMs)).to.deep.equal(['k1 active', 'k2 pending']);
    expect(statuses(ring, startMs + 3 * dayMs)).to.deep.equal(['k1 overlap', 'k2 active']);
    expect(statuses(ring, startMs + 4 * dayMs)).to.deep.equal(['k1 retired', 'k2 active']);
    expect(ring.nextChangeMs(startMs + dayMs)).to.equal(startMs + 3 * dayMs);
  });

  it('gives no id twice, though keys were destroyed', () => {
    let ring = rotate(fresh(), startMs + dayMs);
    ring = withoutEpoch(ring, 'k1', startMs + 3 * dayMs);
    ring = rotate(ring, startMs + 4 * dayMs);
    ring = withoutEpoch(ring, 'k2', startMs + 6 * dayMs);
    expect(
      rotate(ring, startMs + 7 * dayMs)
        .list(startMs + 7 * dayMs)
        .map(({ id }) => id),
    ).to.deep.equal(['k1', 'k2', 'k3', 'k4']);
  });

  it('two rotations in the same moment keep their order', () => {
    const ring = rotate(rotate(fresh(), startMs), startMs + 1);
    expect(statuses(parseKeyFile(formatKeyRing(ring), 'keys.json'), startMs + 10)).to.deep.equal([
      'k1 overlap',
      'k2 overlap',
      'k3 active',
    ]);
  });

  it('refuses a second change while one is pending, a beginning in the past, and more epochs than a file holds', () => {
    const pending = rotate(fresh(), startMs, startMs + dayMs);
    expect(codeOf(() => rotate(pending, startMs))).to.equal('E_KEY_PENDING');
    expect(codeOf(() => rotate(fresh(), startMs, startMs - 1))).to.equal('E_USAGE_TIME');
    let ring = fresh();
    for (let i = 1; i < limits.keyEpochs; i++) ring = rotate(ring, startMs + i);
    expect(codeOf(() => rotate(ring, startMs + dayMs))).to.equal('E_KEY_LIMIT');
    expect(formatKeyRing(ring).length).to.be.lessThan(1024 * 1024);
  });

  it('destroys only what nothing needs: not the active, a pending, an overlapping or a held epoch', () => {
    const ring = rotate(fresh(), startMs + dayMs, startMs + 2 * dayMs);
    expect(codeOf(() => withoutEpoch(ring, 'k1', startMs + dayMs))).to.equal('E_KEY_IN_USE');
    expect(codeOf(() => withoutEpoch(ring, 'k2', startMs + dayMs))).to.equal('E_KEY_IN_USE');
    expect(codeOf(() => withoutEpoch(ring, 'k1', startMs + 2.5 * dayMs))).to.equal('E_KEY_OVERLAP');
    expect(codeOf(() => withoutEpoch(ring, 'k3', startMs + 9 * dayMs))).to.equal('E_USAGE_EPOCH');
    const held = withHold(ring, 'k1', 'case-17', '2026-01-03T00:00:00Z');
    expect(codeOf(() => withoutEpoch(held, 'k1', startMs + 9 * dayMs))).to.equal('E_KEY_HELD');
    expect(codeOf(() => withHold(held, 'k1', 'case-17', '2026-01-03T00:00:00Z'))).to.equal('E_USAGE_HOLD');
    expect(codeOf(() => withHold(ring, 'k1', 'case-17', undefined))).to.equal('E_USAGE_HOLD');
    const released = withHold(held, 'k1', 'case-17', undefined);
    const destroyed = withoutEpoch(released, 'k1', startMs + 9 * dayMs);
    expect(statuses(destroyed, startMs + 9 * dayMs)).to.deep.equal(['k1 destroyed', 'k2 active']);
    expect(codeOf(() => withoutEpoch(destroyed, 'k1', startMs + 9 * dayMs))).to.equal('E_KEY_DESTROYED');
    expect(codeOf(() => destroyed.of('k1'))).to.equal('E_KEY_DESTROYED');
  });

  it('leaves nothing of a destroyed key in the file, and the other keys as they were', () => {
    const before = rotate(fresh(), startMs);
    const key = before.epochs[0]?.key?.reveal() ?? new Uint8Array();
    const after = parseKeyFile(formatKeyRing(withoutEpoch(before, 'k1', startMs + 2 * dayMs)), 'keys.json');
    expect(formatKeyRing(before)).to.include(Buffer.from(key).toString('base64'));
    expect(formatKeyRing(after)).not.to.include(Buffer.from(key).toString('base64'));
    expect(after.derive('mask:user').reveal()).to.deep.equal(before.derive('mask:user').reveal());
    expect(before.isContinuedBy(after)).to.equal(true);
    expect(after.list(startMs + 2 * dayMs)[0]?.fingerprint).to.equal(before.list(startMs)[0]?.fingerprint);
  });
});
