import { expect } from 'chai';
import { rotated } from '../../src/crypto/change-keys.ts';
import { loadEngine } from '../../src/pipeline/engine.ts';
import { EpochInspector } from '../../src/pipeline/epoch-inspector.ts';
import { shippedPacks } from '../../src/pipeline/load-files.ts';
import { TileRecords } from '../../src/pipeline/tile-records.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

const startMs = Date.parse('2026-03-01T00:00:00Z');
const event = JSON.stringify({ kind: 'Event', verb: 'get', user: { username: 'bob' }, sourceIPs: ['203.0.113.7'] });

describe('pipeline/epoch-inspector', () => {
  it('goes over at the time of the epoch, by when events were received; records name the epoch', async () => {
    const keyRing = rotated(fixedKeyRing(), {
      key: new Uint8Array(32).fill(9),
      nowMs: startMs,
      fromMs: startMs + 60_000,
      overlapMs: 0,
    });
    const packFiles = await shippedPacks();
    const engine = loadEngine({ policy: 'standard', enable: [], keepUsers: [], packFiles, ruleFiles: [], keyRing });
    const inspector = new EpochInspector({ keyRing, nowMs: startMs, make: engine.inspectorWith });
    const changes: string[] = [];
    inspector.changed = (keyId) => changes.push(keyId);
    const masked = (timeMs: number) => {
      const tile = inspector.inspect(tileOfTexts([event], timeMs * 1000));
      const text = Buffer.from(tile.bytes).toString('latin1');
      const context = tile.dictionaries
        .map(({ payload }) => Buffer.from(payload).toString())
        .find((one) => one.includes('"context"'));
      return {
        user: /\[MASKED:user:(k\d):/.exec(text)?.[1],
        address: /"sourceIPs":\["([^"]+)"/.exec(text)?.[1],
        named: (JSON.parse(context ?? '{}') as { key?: string }).key,
        digest: Buffer.from(tile.digests).toString('hex'),
      };
    };
    const [before, atTime] = [masked(startMs + 59_999), masked(startMs + 60_000)];
    expect([before.user, before.named, atTime.user, atTime.named]).to.deep.equal(['k1', 'k1', 'k2', 'k2']);
    expect(atTime.address).not.to.equal(before.address);
    expect(atTime.digest, 'repeats are still recognised').to.equal(before.digest);
    expect([changes, inspector.keyId]).to.deep.equal([['k2'], 'k2']);
    expect(new TileRecords(10).repeats).to.equal(0);
  });

  it('takes over a file with a new epoch while it runs, and nothing else', () => {
    const made: string[] = [];
    const make = (ring: { keyId: string }) => {
      made.push(ring.keyId);
      return {
        inspect: () => {
          throw new Error('unused');
        },
      };
    };
    const keyRing = fixedKeyRing();
    const inspector = new EpochInspector({ keyRing, nowMs: startMs, make });
    inspector.use(keyRing, startMs);
    expect(made).to.deep.equal(['k1']);
    inspector.use(
      rotated(keyRing, { key: new Uint8Array(32).fill(9), nowMs: startMs, fromMs: startMs, overlapMs: 0 }),
      startMs + 1,
    );
    expect(made).to.deep.equal(['k1', 'k2']);
  });
});
