import { expect } from 'chai';
import fc from 'fast-check';
import { sharedRows } from '../../src/compile/shared-rows.ts';

describe('compile/shared-rows', () => {
  it('gives every state its own transitions, and keeps equal rows once', () => {
    const table = fc.array(fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(table, (rows) => {
        const { rowOf, transitions } = sharedRows(Uint16Array.from(rows.flat()), 3);
        const found = [...rowOf].map((row) => [...transitions.subarray(row * 3, row * 3 + 3)]);
        expect(found).to.deep.equal(rows);
        expect(transitions.length).to.equal(new Set(rows.map((row) => row.join())).size * 3);
      }),
    );
  });
});
