import { expect } from 'chai';
import { Fault } from '../../src/core/faults.ts';
import { limits } from '../../src/core/limits.ts';
import { ReplaySource } from '../../src/demo/replay-source.ts';

const context = { cluster: 'demo', source: 'recording', stream: 'recording' };
const events = [0, 10, 1000, 1050, 30_000].map((at) => ({ at, line: `{"at":${at}}` }));

/** A clock that waiting moves. */
function replay(speed: number): { readonly source: ReplaySource; readonly waits: number[] } {
  let now = 5000;
  const waits: number[] = [];
  const wait = async (milliseconds: number): Promise<void> => {
    waits.push(milliseconds);
    now += milliseconds;
  };
  return { source: new ReplaySource({ events, speed, context, wait, nowMs: () => now }), waits };
}

async function linesOf(source: ReplaySource): Promise<string[][]> {
  const tiles: string[][] = [];
  for await (const { tile, settle } of source.deliveries(new AbortController().signal)) {
    tiles.push(
      Array.from({ length: tile.count }, (_, i) => Buffer.from(tile.bytes.subarray(tile.starts[i], tile.ends[i])).toString()),
    );
    expect(tile.bytes.length - (tile.ends[tile.count - 1] ?? 0)).to.be.at.least(limits.tilePaddingBytes);
    settle({ status: 'delivered' });
  }
  return tiles;
}

describe('demo/replay-source', () => {
  it('delivers every event once, in order, at the recorded pace', async () => {
    const { source, waits } = replay(1);
    expect((await linesOf(source)).flat()).to.deep.equal(events.map(({ line }) => line));
    expect(waits.reduce((a, b) => a + b, 0)).to.equal(30_000);
  });

  it('replays ten times as fast in a tenth of the time', async () => {
    const { source, waits } = replay(10);
    await linesOf(source);
    expect(waits.reduce((a, b) => a + b, 0)).to.equal(3000);
  });

  it('does not wait at all at speed max', async () => {
    const { source, waits } = replay(Infinity);
    expect((await linesOf(source)).flat()).to.have.length(events.length);
    expect(waits).to.deep.equal([]);
  });

  it('accounts for every byte of its stream', async () => {
    const { source } = replay(Infinity);
    let next = 0;
    for await (const { tile } of source.deliveries(new AbortController().signal)) {
      for (let i = 0; i < tile.count; i++) {
        expect(tile.offsets[i]).to.equal(next);
        next += tile.covers[i] ?? 0;
      }
    }
    expect(next).to.equal(events.reduce((sum, { line }) => sum + line.length + 1, 0));
  });

  it('stops when aborted, and with the fault of an event that was not delivered', async () => {
    const { source } = replay(1);
    const aborted = AbortSignal.abort();
    let tiles = 0;
    for await (const _ of source.deliveries(aborted)) tiles++;
    expect(tiles).to.equal(0);
    const fault = new Fault('the log is full', { code: 'E_LOG_FULL' });
    const failing = async (): Promise<void> => {
      for await (const { settle } of replay(1).source.deliveries(new AbortController().signal))
        settle({ status: 'errored', fault });
    };
    const failure: unknown = await failing().catch((error: unknown) => error);
    expect(failure).to.equal(fault);
  });
});
