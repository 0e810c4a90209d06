import { expect } from 'chai';
import fc from 'fast-check';
import { encodingsOf, findPlanted, prepareNeedles } from '../../src/demo/find-planted.ts';
import type { PlantedSecret } from '../../src/demo/plant.ts';

const secret: PlantedSecret = { kind: 'password', value: 'p@ss<word>&"quoted" 1234', where: 'test' };
const needles = prepareNeedles([secret]);
const found = (text: string, encoding: BufferEncoding = 'utf8'): boolean =>
  findPlanted(needles, Buffer.from(text, encoding)).length === 1;

describe('demo/find-planted', () => {
  it('finds a secret as it is and in every encoding it may hide in', () => {
    const json = JSON.stringify(secret.value);
    expect(found(`x${secret.value}y`), 'plain').to.equal(true);
    expect(found(json), 'JSON').to.equal(true);
    expect(found(JSON.stringify(json)), 'JSON in JSON').to.equal(true);
    expect(
      found(json.replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026')),
      'as Go writes it',
    ).to.equal(true);
    expect(found(encodeURIComponent(secret.value)), 'percent').to.equal(true);
    expect(found(Buffer.from(secret.value).toString('hex')), 'hex').to.equal(true);
    expect(found(secret.value, 'utf16le'), 'UTF-16').to.equal(true);
  });

  it('finds it in base64 whatever stands in front of it and behind it', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), fc.boolean(), (before, behind, url) => {
        const bytes = Buffer.from(before + secret.value + behind, 'utf8');
        return found(bytes.toString(url ? 'base64url' : 'base64'));
      }),
      { numRuns: 200 },
    );
  });

  it('finds what is left of a secret that was cut', () => {
    expect(found(secret.value.slice(-10))).to.equal(true);
    expect(found(secret.value.slice(0, 10))).to.equal(true);
  });

  it('finds the content of Secret data that was decoded', () => {
    const content = 'correct horse battery';
    const data: PlantedSecret = { kind: 'secret-data', value: Buffer.from(content).toString('base64'), where: 'test' };
    expect(findPlanted(prepareNeedles([data]), Buffer.from(`"${content}"`))).to.deep.equal([data]);
  });

  it('finds nothing in output without secrets', () => {
    expect(findPlanted(needles, Buffer.from('{"password":"[MASKED:password]"}'))).to.deep.equal([]);
    expect(findPlanted(needles, new Uint8Array())).to.deep.equal([]);
  });

  it('does not look for texts so short that they are found by chance', () => {
    expect(encodingsOf('abc').filter((form) => form.length < 8)).to.deep.equal([]);
  });
});
