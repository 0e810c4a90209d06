import { expect } from 'chai';
import { createPlanter } from '../../src/demo/plant.ts';
import { createRandom } from '../../src/demo/random.ts';

describe('demo/plant', () => {
  it('remembers every secret it made, with its kind and place', () => {
    const plant = createPlanter(createRandom(1));
    const password = plant.password('here');
    plant.secretData('there', 'content');
    expect(plant.planted).to.deep.equal([
      { kind: 'password', value: password, where: 'here' },
      { kind: 'secret-data', value: Buffer.from('content').toString('base64'), where: 'there' },
    ]);
  });

  it('makes secrets of the right shape', () => {
    const plant = createPlanter(createRandom(7));
    expect(plant.awsKey('x')).to.match(/^AKIA[A-Z2-7]{16}$/);
    expect(plant.pem('x')).to.match(/^-----BEGIN [A-Z ]*PRIVATE KEY-----\n[\s\S]+-----END [A-Z ]*PRIVATE KEY-----\n$/);
    const [header, claims, signature] = plant.jwt('x', 'system:serviceaccount:shop:checkout').split('.');
    expect(JSON.parse(Buffer.from(header ?? '', 'base64url').toString())).to.include({ alg: 'RS256' });
    expect(JSON.parse(Buffer.from(claims ?? '', 'base64url').toString())).to.include({
      sub: 'system:serviceaccount:shop:checkout',
    });
    expect(signature).to.have.length(342);
  });

  it('makes the same secrets from the same seed, and others from another', () => {
    const first = (seed: number): string => createPlanter(createRandom(seed)).password('x');
    expect(first(3)).to.equal(first(3));
    expect(first(3)).not.to.equal(first(4));
  });
});
