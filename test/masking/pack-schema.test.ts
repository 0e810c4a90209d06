import { expect } from 'chai';
import { operationSchemas, operationTypes } from '../../src/masking/pack-schema.ts';

describe('masking/pack-schema', () => {
  it('knows every operation of a pack by name', () => {
    expect([...operationTypes].sort()).to.deep.equal(['arguments', 'document', 'keep', 'names', 'pattern', 'structure', 'uri']);
  });

  it('takes one path or several, and gives a list', () => {
    const both = [
      operationSchemas.structure.parse({ in: 'event', mask: 'a' }),
      operationSchemas.structure.parse({ in: 'event', mask: ['a'] }),
    ];
    expect(both.map((one) => one.mask)).to.deep.equal([['a'], ['a']]);
  });

  it('refuses fields of another operation', () => {
    expect(operationSchemas.keep.safeParse({ in: 'event', members: ['a'], mask: ['a'] }).success).to.equal(false);
    expect(operationSchemas.structure.safeParse({ in: 'event', mask: 'a', when: { kind: { absent: false } } }).success).to.equal(
      false,
    );
  });
});
