import { expect } from 'chai';
import { closestWord, didYouMean } from '../../src/core/closest-word.ts';

describe('core/closest-word', () => {
  it('finds a word one or two slips away, whatever the case', () => {
    expect(closestWord('Polcy', ['policy', 'packs'])).to.equal('policy');
    expect(closestWord('pakcs', ['policy', 'packs'])).to.equal('packs');
    expect(didYouMean('startwith', ['contains', 'startswith', 'endswith'])).to.equal('Did you mean `startswith`?');
  });

  it('takes neighbours that changed places for one slip', () => {
    expect(closestWord('lsit', ['exit', 'list'])).to.equal('list');
  });

  it('gives none where nothing is near, and lists what is known', () => {
    expect(closestWord('zebra', ['policy', 'packs'])).to.equal(undefined);
    expect(didYouMean('zebra', ['policy', 'packs'])).to.equal('Known: policy, packs.');
    expect(didYouMean('zebra', [])).to.equal('None is defined here.');
  });
});
