import { expect } from 'chai';
import { systemRandom } from '../../src/crypto/random.ts';

describe('crypto/random', () => {
  it('gives as many bytes as asked for, other ones each time', () => {
    expect(systemRandom(32).length).to.equal(32);
    expect(systemRandom(32)).not.to.deep.equal(systemRandom(32));
  });
});
