import { expect } from 'chai';
import { PathLedger } from '../../../src/sources/file/path-ledger.ts';

const file = (inode: number, fingerprint?: string) => ({ device: 1, inode, fingerprint });

describe('sources/file/path-ledger', () => {
  it('knows a file by inode and first line, a copy or a compressed one by its first line', () => {
    const ledger = new PathLedger([{ file: file(7, 'a'), offset: 50, path: 'x' }]);
    const from = (inode: number, fingerprint: string | undefined, bytes: number | undefined) =>
      ledger.from({ file: file(inode, fingerprint), bytes });
    expect(from(7, 'a', 60)).to.equal(50);
    expect(from(8, 'a', 60)).to.equal(50);
    expect(from(9, 'a', undefined)).to.equal(50);
    expect(from(7, 'b', 60)).to.equal(undefined);
    expect(from(7, 'a', 40)).to.equal(undefined);
    expect(from(7, undefined, 0)).to.equal(undefined);
  });

  it('gives a file whose first line was not whole its fingerprint', () => {
    const ledger = new PathLedger();
    ledger.begin(file(7), 0, 'x');
    ledger.advance(file(7, 'a'), 10, 'x');
    expect(ledger.entries).to.deep.equal([{ file: file(7, 'a'), offset: 10, path: 'x' }]);
  });

  it('moves positions forward only, until a file begins anew', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 10, 'x');
    ledger.advance(file(7, 'a'), 5, 'x', 99);
    expect(ledger.latest).to.deep.include({ offset: 10, atMs: 99 });
    ledger.begin(file(7, 'a'), 0, 'x');
    expect(ledger.entries).to.deep.equal([{ file: file(7, 'a'), offset: 0, path: 'x' }]);
  });

  it('does not read again what is on its way, but only calls read what is in the log', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 10, 'x');
    ledger.end(file(7, 'a'), { taken: 30, bytes: 31 }, 'x');
    const seen = { file: file(7, 'a'), bytes: 31 };
    expect([ledger.isDone(seen), ledger.from(seen)]).to.deep.equal([true, 30]);
    const restarted = new PathLedger(ledger.entries);
    expect([restarted.isDone(seen), restarted.from(seen)]).to.deep.equal([false, 10]);
    expect(ledger.isDone({ ...seen, bytes: 32 })).to.equal(false);
    ledger.prune([]);
    expect(ledger.entries).to.have.length(1);
    ledger.advance(file(7, 'a'), 30, 'x');
    ledger.prune([]);
    expect(ledger.entries).to.deep.equal([]);
  });

  it('names files that are gone and were not read to their end, once', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 10, 'x');
    ledger.advance(file(8, 'b'), 10, 'y');
    expect(ledger.takeMissing([{ file: file(8, 'b'), bytes: 10 }]).map(({ path }) => path)).to.deep.equal(['x']);
    expect(ledger.takeMissing([{ file: file(8, 'b'), bytes: 9 }]).map(({ path }) => path)).to.deep.equal(['y']);
    expect(ledger.takeMissing([])).to.deep.equal([]);
    expect(new PathLedger(ledger.entries).takeMissing([])).to.deep.equal([]);
    expect(ledger.from({ file: file(7, 'a'), bytes: 20 }), 'should it come back').to.equal(10);
    ledger.prune([]);
    expect(ledger.entries).to.deep.equal([]);
  });

  it('misses nothing that is on its way to the log', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 10, 'x');
    ledger.end(file(7, 'a'), { taken: 30, bytes: 30 }, 'x');
    expect(ledger.takeMissing([])).to.deep.equal([]);
  });

  it('knows a file that it may not read any more by its inode', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 10, 'x');
    ledger.end(file(7, 'a'), { taken: 10, bytes: 10 }, 'x');
    const seen = { file: file(7), bytes: 10 };
    expect([ledger.isDone(seen), ledger.isDone({ ...seen, isUnreadable: true })]).to.deep.equal([false, true]);
    expect(ledger.isDone({ ...seen, bytes: 11, isUnreadable: true })).to.equal(false);
    ledger.prune([{ ...seen, isUnreadable: true }]);
    expect(ledger.entries).to.have.length(1);
  });

  it('reads a compressed file that holds more than what was read of it before', () => {
    const ledger = new PathLedger();
    ledger.advance(file(7, 'a'), 100, 'x', 1);
    ledger.end(file(7, 'a'), { taken: 100, bytes: 100 }, 'x');
    const packed = (unpackedBytes: number | undefined) => ({ file: file(8, 'a'), bytes: undefined, unpackedBytes });
    expect([100, 120, undefined].map((bytes) => ledger.isDone(packed(bytes)))).to.deep.equal([true, false, true]);
    expect(ledger.from(packed(120))).to.equal(100);
    ledger.advance(file(8, 'a'), 120, 'x.gz', 2);
    ledger.end(file(8, 'a'), { taken: 120, bytes: 0 }, 'x.gz');
    expect(ledger.isDone(packed(120))).to.equal(true);
  });

  it('counts what it is told to ignore as read', () => {
    const ledger = new PathLedger();
    ledger.ignore({ file: file(7, 'a'), bytes: 100 }, 'x');
    ledger.ignore({ file: file(8, 'b'), bytes: undefined }, 'y.gz');
    expect(ledger.isDone({ file: file(7, 'a'), bytes: 100 })).to.equal(true);
    expect(ledger.isDone({ file: file(9, 'a'), bytes: undefined })).to.equal(true);
    expect(ledger.isDone({ file: file(8, 'b'), bytes: undefined })).to.equal(true);
    expect(ledger.from({ file: file(7, 'a'), bytes: 120 })).to.equal(100);
  });

  it('asks for one of thirty thousand files without looking at the others', () => {
    const ledger = new PathLedger();
    const seen = Array.from({ length: 30_000 }, (_, i) => ({ file: file(i, `f${i}`), bytes: 10 }));
    const begin = process.cpuUsage();
    for (const { file: one } of seen) {
      ledger.advance(one, 0, 'x');
      ledger.end(one, { taken: 10, bytes: 10 }, 'x');
      ledger.advance(one, 10, 'x', 1);
    }
    expect(seen.every((one) => ledger.isDone(one))).to.equal(true);
    ledger.prune(seen.slice(15_000));
    expect(ledger.takeMissing([])).to.deep.equal([]);
    expect(ledger.entries.map((entry) => entry.file.inode)).to.deep.equal(seen.slice(15_000).map((one) => one.file.inode));
    // Looking through all entries each time took 9 s of processor time and more.
    expect(process.cpuUsage(begin).user / 1e6).to.be.lessThan(4);
  });
});
