import { writeFileSync } from 'node:fs';
import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { recordFlags } from '../../src/core/record.ts';
import type { MaskedTile, Tile } from '../../src/core/tile.ts';
import { rotated } from '../../src/crypto/change-keys.ts';
import { type OpenedEngine, openEngine } from '../../src/pipeline/open-engine.ts';
import { WorkerPool } from '../../src/pipeline/worker-pool.ts';
import { auditEvent, CliFolder, listPodsRule } from '../cli/run-cli.ts';
import { fixedKeyRing, tileOfTexts } from './support.ts';

const receivedAtUs = Date.parse('2026-03-01T00:00:00Z') * 1000;
const password = 'hunter2-correct-horse';
const programs = {
  crashing: new URL('../support/crashing-worker.js', import.meta.url),
  stillborn: new URL('../support/stillborn-worker.js', import.meta.url),
};

/** An event with a secret, an address and a user that depend on `n`. */
const eventOf = (n: number, note = ''): string =>
  auditEvent({
    auditID: `a-${n}`,
    verb: n % 3 === 0 ? 'list' : 'create',
    user: { username: `person${n % 7}@example.com` },
    sourceIPs: [`192.0.2.${n % 250}`],
    requestObject: { kind: 'Secret', data: { password: Buffer.from(`${password}-${n}`).toString('base64') }, note },
  });
const tileOf = (...texts: readonly string[]): Tile => tileOfTexts(texts, receivedAtUs);
const tiles = Array.from({ length: 40 }, (_, t) => tileOf(...Array.from({ length: 1 + (t % 9) }, (_, i) => eventOf(t * 10 + i))));

function contentOf(masked: MaskedTile): unknown {
  const { bytes, dictionaries, ...columns } = masked;
  const shown = dictionaries.map(({ id, payload }) => [id, Buffer.from(payload).toString()]);
  return [Buffer.from(bytes).toString('latin1'), shown, JSON.stringify(columns)];
}
const isStub = ({ flags }: MaskedTile, i: number): boolean => ((flags[i] ?? 0) & recordFlags.stub) !== 0;

describe('pipeline/worker-pool', function () {
  this.timeout(120_000);
  const keyRing = fixedKeyRing();
  let engine: OpenedEngine;
  let pool: WorkerPool | undefined;
  let restarts = 0;
  const folder = new CliFolder();
  before(async () => {
    writeFileSync(folder.file('rule.yml'), listPodsRule);
    const detect = { profile: 'default', builtIn: false, rules: [folder.file('rule.yml')] } as const;
    engine = await openEngine({ policy: 'standard', enable: [], keyRing, detect, shared: true });
  });
  after(() => folder.remove());
  afterEach(async () => {
    await pool?.close();
    pool = undefined;
  });
  const open = (workers: number, program?: URL): WorkerPool => {
    restarts = 0;
    pool = new WorkerPool({ engine, workers, restarted: () => restarts++, ...(program && { program }) });
    return pool;
  };

  it('gives what one inspector gives, byte for byte, whoever did it and with memory used again', async () => {
    const inspector = open(3).inspectorWith(keyRing);
    for (let round = 0; round < 2; round++) {
      const all = await Promise.all(tiles.map(async (tile) => inspector.inspect(tile)));
      for (const [i, masked] of all.entries()) {
        expect(contentOf(masked), `tile ${i}`).to.deep.equal(contentOf(engine.inspector.inspect(tiles[i] as Tile)));
        inspector.recycle?.(masked);
      }
    }
    const empty = await inspector.inspect({
      ...(tiles[0] as Tile),
      count: 0,
      starts: new Uint32Array(),
      ends: new Uint32Array(),
    });
    expect([empty.count, empty.bytes.length, restarts]).to.deep.equal([0, 0, 0]);
  });

  it('lets nothing raw out of a worker, not even in memory that a message carries along', async () => {
    const inspector = open(2).inspectorWith(keyRing);
    const planted = ['person', '192.0.2.', password, Buffer.from(password).toString('base64').slice(0, 20)];
    for (const masked of await Promise.all(tiles.map(async (tile) => inspector.inspect(tile)))) {
      const carried = [masked.bytes, masked.digests, masked.offsets, ...masked.dictionaries.map(({ payload }) => payload)];
      const text = carried.map(({ buffer }) => Buffer.from(buffer as ArrayBuffer).toString('latin1')).join('\n');
      expect(planted.filter((value) => text.includes(value))).to.deep.equal([]);
    }
  });

  it('uses the keys that each inspector was made with', async () => {
    const nowMs = receivedAtUs / 1000;
    const later = rotated(keyRing, { key: new Uint8Array(32).fill(9), nowMs, fromMs: nowMs + 1, overlapMs: 0 });
    const workers = open(2);
    for (const ring of [keyRing, later.of('k2'), later.of('k1')]) {
      const inspector = workers.inspectorWith(ring);
      const all = await Promise.all(tiles.slice(0, 6).map(async (tile) => inspector.inspect(tile)));
      const own = engine.inspectorWith(ring);
      expect(all.map(contentOf)).to.deep.equal(tiles.slice(0, 6).map((tile) => contentOf(own.inspect(tile))));
    }
  });

  it('replaces a worker that dies, loses nothing, and makes a stub of the event that kills and of no other', async () => {
    const workers = open(2, programs.crashing);
    const inspector = workers.inspectorWith(keyRing);
    const texts = Array.from({ length: 13 }, (_, i) => eventOf(i, i === 8 ? 'dies-here' : ''));
    const all = await Promise.all([...tiles, tileOf(...texts), ...tiles].map(async (tile) => inspector.inspect(tile)));
    const expected = tiles.map((tile) => contentOf(engine.inspector.inspect(tile)));
    expect([...all.slice(0, tiles.length), ...all.slice(tiles.length + 1)].map(contentOf)).to.deep.equal([
      ...expected,
      ...expected,
    ]);
    const masked = all[tiles.length] as MaskedTile;
    expect(texts.map((_, i) => isStub(masked, i))).to.deep.equal(texts.map((_, i) => i === 8));
    const whole = engine.inspector.inspect(tileOf(...texts));
    expect([masked.count, Buffer.from(masked.digests)]).to.deep.equal([13, Buffer.from(whole.digests)]);
    const recordOf = (tile: MaskedTile, i: number): Uint8Array =>
      tile.bytes.slice(tile.offsets[i], (tile.offsets[i] ?? 0) + (tile.lengths[i] ?? 0));
    for (const i of [0, 7, 9, 12]) expect(recordOf(masked, i), `event ${i}`).to.deep.equal(recordOf(whole, i));
    expect(restarts).to.be.within(5, 10);
  });

  it('lets nothing be heard of what a worker says, or quotes as it dies', async () => {
    const heard: string[] = [];
    const streams = [process.stdout, process.stderr];
    const writes = streams.map((stream) => stream.write);
    for (const stream of streams) stream.write = (text) => heard.push(String(text)) > 0;
    try {
      const masked = await open(1, programs.crashing)
        .inspectorWith(keyRing)
        .inspect(tileOf(eventOf(1, 'dies-loudly')));
      expect(isStub(masked, 0)).to.equal(true);
      await pool?.close();
    } finally {
      for (const [i, stream] of streams.entries()) stream.write = writes[i] as typeof stream.write;
    }
    expect(restarts).to.equal(2);
    expect(heard.join('')).to.not.contain('dies-loudly');
  });

  it('asks each lane by itself, also once its worker was replaced', async () => {
    const lanes = open(2, programs.crashing).inspectorWith(keyRing).lanes?.() ?? [];
    expect(lanes).to.have.length(2);
    const [tile] = tiles as [Tile];
    for (const lane of lanes) {
      expect(isStub(await lane.inspect(tileOf(eventOf(1, 'dies-here'))), 0)).to.equal(true);
      expect(contentOf(await lane.inspect(tile))).to.deep.equal(contentOf(engine.inspector.inspect(tile)));
    }
    expect(restarts).to.equal(4);
  });

  it('fails with a remedy where workers cannot begin, and what waits fails when it is closed', async () => {
    const stillborn = open(2, programs.stillborn).inspectorWith(keyRing);
    const fault = await Promise.resolve(stillborn.inspect(tiles[0] as Tile)).catch((error: unknown) => error);
    expect(fault).to.be.instanceOf(Fault).and.to.include({ code: 'E_WORKER_START', retryable: false });
    const workers = open(1);
    const waiting = tiles.map((tile) => Promise.resolve(workers.inspectorWith(keyRing).inspect(tile)).catch((e: unknown) => e));
    await workers.close();
    for (const result of await Promise.all(waiting)) expect(result).to.include({ code: 'E_WORKER_STOPPED' });
  });
});
