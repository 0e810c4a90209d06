import { expect } from 'chai';
import { gzip } from '../../src/pipeline/gzip.ts';

describe('pipeline/gzip', () => {
  it('unpacks what it packed, and packs the same bytes the same way', () => {
    const text = Buffer.from('some text '.repeat(100));
    expect(gzip.unzip(gzip.zip(text), 10_000)).to.deep.equal(text);
    expect(gzip.zip(text)).to.deep.equal(gzip.zip(text));
  });

  it('says where there is too much, and where there is no gzip', () => {
    expect(gzip.unzip(gzip.zip(Buffer.alloc(100_000)), 1000)).to.equal('too-large');
    expect(gzip.unzip(Buffer.from([0x1f, 0x8b, 8, 0, 1]), 1000)).to.equal(undefined);
  });
});
