import { expect } from 'chai';
import { valueTypes } from '../../../src/core/extracts.ts';
import { ExtractList } from '../../../src/scan/reference/extract-list.ts';

const { string, object } = valueTypes;
const shown = ({ count, fields, types, starts, ends, keys }: ExtractList): readonly (readonly number[])[] =>
  Array.from({ length: count }, (_, i) => [fields, types, starts, ends, keys].map((column) => column[i] as number));

describe('scan/reference/extract-list', () => {
  it('takes what a kernel noted, more than it had room for', () => {
    const list = new ExtractList();
    const one = [3 | (string << 16), 110, 120, 7];
    const other = [600 | (object << 16), 130, 190, 0xffffffff];
    list.take(Uint32Array.from([0, ...one, ...other, 0]), 1, 9, 100);
    expect(shown(list)).to.deep.equal([
      [3, string, 10, 20, 7],
      [600, object, 30, 90, -1],
    ]);
    const many = Uint32Array.from({ length: 3000 * 4 }, (_, i) => i >> 2);
    list.take(many, 0, many.length, 0);
    expect(list.count).to.equal(3000);
    expect(list.starts[2999]).to.equal(2999);
  });

  it('keeps what was noted one by one when it grows', () => {
    const list = new ExtractList();
    for (let i = 0; i < 1000; i++) list.add(i, string, i, i + 1);
    expect(shown(list)[999]).to.deep.equal([999, string, 999, 1000, -1]);
    expect(shown(list)[0]).to.deep.equal([0, string, 0, 1, -1]);
  });

  it('leaves out what begins later than the last value that was read, and the ends of what was open then', () => {
    const list = new ExtractList();
    list.add(0, object, 0, 100);
    list.add(1, object, 5, 20);
    list.add(2, string, 30, 40);
    list.add(3, string, 50, 60);
    list.cut(30);
    expect(shown(list).map(([field, , start, end]) => [field, start, end])).to.deep.equal([
      [0, 0, 0],
      [1, 5, 20],
      [2, 30, 40],
    ]);
  });

  it('says when keys mean something else', () => {
    const list = new ExtractList();
    const before = list.keySpace;
    list.begin(new Uint8Array(0));
    expect(list.keySpace).to.equal(before);
    list.forgetKeys();
    expect(list.keySpace).not.to.equal(before);
  });
});
