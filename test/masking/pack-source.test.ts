import { expect } from 'chai';
import { PackSource } from '../../src/masking/pack-source.ts';

const source = new PackSource({ file: 'p.yml', text: 'id: p\nrules:\n  - id: a\n    mask: [x, y]\n' });

describe('masking/pack-source', () => {
  it('finds the place of a value, or of what is around one that is missing', () => {
    expect(source.place(['rules', 0, 'mask', 1])).to.deep.equal({ line: 4, column: 15 });
    expect(source.place(['rules', 0, 'kind'])).to.deep.equal({ line: 3, column: 5 });
    expect(source.place(['none'])).to.deep.equal({ line: 1, column: 1 });
  });

  it('finds the place of a key', () => {
    expect(source.placeOfKey(['rules', 0], 'mask')).to.deep.equal({ line: 4, column: 5 });
  });

  it('says where a file stops being YAML', () => {
    const [fault] = new PackSource({ file: 'p.yml', text: 'id: p\nx: "open\n' }).syntaxFaults();
    expect(fault?.code).to.equal('E_PACK_YAML');
    expect(fault?.location?.line).to.be.oneOf([2, 3]);
  });
});
