import { expect } from 'chai';
import { type ParcelPacker as Packer, ParcelPacker, ParcelReader, tileOfParcels } from '../../src/kafka/record-parcel.ts';
import { contextDictionary, makeTile, planDictionary } from '../support/log-fixture.ts';

const dictionaries = [planDictionary, contextDictionary];
const tile = makeTile([{ id: 1, matches: [0, 2] }, { id: 2, filling: 5_000, masks: [[0, 1, 3]] }, { id: 3 }]);
const records = Array.from(tile.offsets, (at, i) => tile.bytes.subarray(at, at + (tile.lengths[i] ?? 0)));
const bodyOf = (packer: Packer, of = records): Uint8Array => Buffer.concat(packer.parts(of, dictionaries));

const read = (...bodies: readonly Uint8Array[]) => {
  const reader = new ParcelReader();
  const parcels = bodies.flatMap((body) => reader.open(body) ?? []);
  return parcels.length === bodies.length ? tileOfParcels(parcels) : undefined;
};

describe('ParcelPacker and ParcelReader', () => {
  it('give back the tile, dictionaries included', () => {
    const found = read(bodyOf(new ParcelPacker()));
    expect(Buffer.from(found?.bytes ?? [])).to.deep.equal(Buffer.from(tile.bytes));
    expect(found?.count).to.equal(3);
    expect(found?.digests).to.deep.equal(tile.digests);
    expect(found?.matches).to.deep.equal(tile.matches);
    expect([...(found?.masked ?? [])]).to.deep.equal([0, 3, 0]);
    expect(found?.dictionaries.map(({ id }) => id)).to.deep.equal(dictionaries.map(({ id }) => id));
    expect(found?.dictionaries.map(({ payload }) => Buffer.from(payload).toString())).to.deep.equal(
      dictionaries.map(({ payload }) => Buffer.from(payload).toString()),
    );
  });

  it('join parcels into one tile', () => {
    const packer = new ParcelPacker();
    const found = read(bodyOf(packer, records.slice(0, 1)), bodyOf(packer, records.slice(1)));
    expect(Buffer.from(found?.bytes ?? [])).to.deep.equal(Buffer.from(tile.bytes));
    expect(found?.dictionaries).to.have.length(2);
  });

  it('say how many bytes stand around the records', () => {
    const packer = new ParcelPacker();
    expect(packer.overhead(dictionaries)).to.equal(bodyOf(packer).length - tile.bytes.length);
  });

  it('take nothing that is cut short, damaged or miscounted', () => {
    const body = bodyOf(new ParcelPacker());
    expect(read(body.subarray(0, body.length - 1))).to.equal(undefined);
    expect(read(body.subarray(0, 5))).to.equal(undefined);
    const damaged = body.slice();
    damaged[damaged.length - 3] = 0;
    expect(read(damaged)).to.equal(undefined);
    const miscounted = body.slice();
    miscounted[4] = 9;
    expect(read(miscounted)).to.equal(undefined);
  });
});
