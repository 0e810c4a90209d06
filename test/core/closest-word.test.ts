import { expect } from 'chai';
import { closestWord, didYouMean } from '../../src/core/closest-word.ts';

describe('core/closest-word', () => {
  it('finds a word one or two slips away, whatever the case', () => {
    expect(closestWord('Polcy', ['policy', 'packs'])).to.equal('policy');
    expect(closestWord('pakcs', ['policy', 'packs'])).to.equal('packs');
  });

  it('gives none where nothing is near, and lists what is known', () => {
    expect(closestWord('zebra', ['policy', 'packs'])).to.equal(undefined);
    expect(didYouMean('zebra', ['policy', 'packs'])).to.equal('Known: policy, packs.');
  });
});
