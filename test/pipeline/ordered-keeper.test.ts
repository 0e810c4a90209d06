import { expect } from 'chai';
import type { Delivery, Outcome } from '../../src/core/delivery.ts';
import { limits } from '../../src/core/limits.ts';
import type { MaskedTile } from '../../src/core/tile.ts';
import { OrderedKeeper } from '../../src/pipeline/ordered-keeper.ts';
import { makeTile } from '../support/log-fixture.ts';
import { tileOfTexts } from './support.ts';

const turn = (): Promise<void> => new Promise(setImmediate);

/** A log whose writes end when the test says so. */
class SlowLog {
  readonly writes: (readonly MaskedTile[])[] = [];
  readonly settled: string[] = [];
  readonly keeper: OrderedKeeper;
  #end: { resolve: () => void; reject: (error: Error) => void } | undefined;

  constructor() {
    this.keeper = new OrderedKeeper({
      append: (tiles) => {
        this.writes.push(tiles);
        return new Promise((resolve, reject) => {
          this.#end = { resolve, reject };
        });
      },
      kept: (delivery) => delivery.settle({ status: 'delivered' }),
    });
  }

  delivery(name: string): Delivery {
    const settle = ({ status }: Outcome): void => void this.settled.push(`${name} ${status}`);
    return { tile: tileOfTexts(['{}']), settle };
  }

  async write(error?: Error): Promise<void> {
    await turn();
    if (error) this.#end?.reject(error);
    else this.#end?.resolve();
    await turn();
  }
}

const tile = makeTile([{ id: 1 }]);

describe('pipeline/ordered-keeper', () => {
  it('writes together what was inspected while the write before went on, and settles all of it in order', async () => {
    const log = new SlowLog();
    void log.keeper.keep(log.delivery('a'), Promise.resolve(tile));
    await turn();
    for (const name of ['b', 'c', 'd']) void log.keeper.keep(log.delivery(name), Promise.resolve(tile));
    await log.write();
    expect(log.settled).to.deep.equal(['a delivered']);
    const last = log.keeper.keep(log.delivery('e'), Promise.resolve(tile));
    await log.write();
    await log.write();
    await last;
    expect(log.writes.map((tiles) => tiles.length)).to.deep.equal([1, 3, 1]);
    expect(log.settled).to.deep.equal(['a', 'b', 'c', 'd', 'e'].map((name) => `${name} delivered`));
  });

  it('waits for a tile that is still inspected, and lets none behind it pass', async () => {
    const log = new SlowLog();
    let inspected = (_: MaskedTile): void => undefined;
    const slow = new Promise<MaskedTile>((resolve) => {
      inspected = resolve;
    });
    void log.keeper.keep(log.delivery('a'), Promise.resolve(tile));
    void log.keeper.keep(log.delivery('b'), slow);
    const last = log.keeper.keep(log.delivery('c'), Promise.resolve(tile));
    await log.write();
    expect(log.writes).to.have.length(1);
    inspected(tile);
    await log.write();
    await last;
    expect(log.writes.map((tiles) => tiles.length)).to.deep.equal([1, 2]);
  });

  it('writes no more in one go than a log takes in one', async () => {
    const log = new SlowLog();
    const large = { ...tile, bytes: new Uint8Array(limits.logGroupBytes / 2 + 1) };
    void log.keeper.keep(log.delivery('a'), Promise.resolve(tile));
    await turn();
    for (const name of ['b', 'c']) void log.keeper.keep(log.delivery(name), Promise.resolve(large));
    for (let i = 0; i < 3; i++) await log.write();
    expect(log.writes.map((tiles) => tiles.length)).to.deep.equal([1, 1, 1]);
  });

  it('settles nothing as delivered that was not written, and keeps nothing after that', async () => {
    const log = new SlowLog();
    void log.keeper.keep(log.delivery('a'), Promise.resolve(tile));
    const failure = log.keeper
      .keep(log.delivery('b'), Promise.reject(new Error('masking')))
      .catch((error: { code: string }) => error.code);
    await log.write();
    const code = await failure;
    const after = await log.keeper.keep(log.delivery('c'), Promise.resolve(tile)).catch(() => 'refused');
    expect([code, after, log.writes.length]).to.deep.equal(['E_PIPELINE_APPEND', 'refused', 1]);
    expect(log.settled).to.deep.equal(['a delivered', 'b errored']);
  });
});
