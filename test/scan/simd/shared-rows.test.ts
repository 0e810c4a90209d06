import { expect } from 'chai';
import fc from 'fast-check';
import type { Automaton } from '../../../src/scan/plan.ts';
import { sharedRows } from '../../../src/scan/simd/shared-rows.ts';

describe('scan/simd/shared-rows', () => {
  it('gives every state its own transitions, and keeps equal rows once', () => {
    const table = fc.array(fc.array(fc.nat(2), { minLength: 3, maxLength: 3 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(table, (rows) => {
        const automaton = { transitions: Uint16Array.from(rows.flat()), states: rows.length, symbols: 3 };
        const { rowOf, transitions } = sharedRows(automaton as unknown as Automaton);
        const found = [...rowOf].map((row) => [...transitions.subarray(row * 3, row * 3 + 3)]);
        expect(found).to.deep.equal(rows);
        expect(transitions.length).to.equal(new Set(rows.map((row) => row.join())).size * 3);
      }),
    );
  });
});
