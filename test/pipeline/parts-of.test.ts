import { expect } from 'chai';
import fc from 'fast-check';
import { partsOf } from '../../src/pipeline/parts-of.ts';
import { maskedRecord } from '../support/masked-record.ts';

describe('pipeline/parts-of', () => {
  it('gives all records in order, in runs within the bounds', () =>
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 2, max: 60 })),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 1, max: 100 }),
        (sizes, most, bytes) => {
          const records = sizes.map((size, offset) => maskedRecord('x'.repeat(size), { offset }));
          const parts = [...partsOf(records, { records: most, bytes })];
          expect(parts.flat()).to.deep.equal(records);
          for (const part of parts) {
            expect(part.length).to.be.within(1, most);
            if (part.length > 1) expect(part.reduce((sum, { payload }) => sum + payload.length, 0)).to.be.at.most(bytes);
          }
        },
      ),
    ));
});
