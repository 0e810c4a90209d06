import { expect } from 'chai';
import { encodeDictionary } from '../../src/log/record-encoder.ts';
import { tileOfRecords } from '../../src/log/tile-of-records.ts';
import { contextDictionary, makeTile, planDictionary } from '../support/log-fixture.ts';

const tile = makeTile([
  {
    id: 1,
    matches: [0, 2],
    masks: [
      [0, 1, 3],
      [1, 0, 2],
    ],
  },
  { id: 2, filling: 300 },
]);

describe('log/tile-of-records', () => {
  it('gives the columns that the inspector would have given', () => {
    const read = tileOfRecords(tile.bytes, tile.dictionaries);
    expect(read).to.deep.equal({ ...tile, masked: Uint32Array.from([5, 0]) });
  });

  it('takes nothing with a damaged byte, a cut end or a dictionary among its records', () => {
    const damaged = tile.bytes.slice();
    damaged[90] = (damaged[90] ?? 0) ^ 1;
    expect(tileOfRecords(damaged, [])).to.equal(undefined);
    expect(tileOfRecords(tile.bytes.subarray(0, tile.bytes.length - 1), [])).to.equal(undefined);
    const mixed = Buffer.concat([tile.bytes, encodeDictionary(planDictionary, 0)]);
    expect(tileOfRecords(mixed, [contextDictionary])).to.equal(undefined);
  });
});
