import { readFileSync } from 'node:fs';
import { expect } from 'chai';
import { idChecks } from '../../src/masking/national-ids.ts';

/** Numbers with right check digits, made up or published as examples by the issuers. */
const right: Readonly<Record<string, readonly string[]>> = {
  usSsn: ['123-45-6789', '123456789'],
  usItin: ['911-70-1234'],
  usNpi: ['1245319599'],
  usAba: ['121000358'],
  usDea: ['FA1111119'],
  usMbi: ['1EG4-TE5-MK73'],
  ukNino: ['AB 12 34 56 C'],
  ukNhs: ['401-023-2137'],
  caSin: ['435 418 165'],
  deTaxId: ['86095742719'],
  deSocialInsurance: ['65070803A019'],
  esNif: ['12345678Z', 'X0000000T'],
  itFiscalCode: ['MRTMTT91D08F205J'],
  plPesel: ['44051401359'],
  plNip: ['8333290827'],
  sePersonal: ['670919-9530'],
  fiPersonal: ['131052-308T'],
  brCpf: ['111.444.777-35'],
  brCnpj: ['11.222.333/0001-81'],
  inAadhaar: ['2341 2341 2346'],
  auTfn: ['876543210'],
  auAbn: ['51 824 753 556'],
  sgNric: ['S6859080I'],
  zaId: ['8001015009087'],
  trId: ['10000000146'],
  nlBsn: ['111222333'],
  beNational: ['85 07 30 033 28'],
  cnId: ['11010519491231002X'],
  roCnp: ['1860524161520'],
  thId: ['1234567890121'],
};

describe('masking/national-ids', () => {
  for (const [name, numbers] of Object.entries(right)) {
    it(`takes right numbers of ${name} and refuses letters and empty text`, () => {
      const check = idChecks[name]!;
      for (const number of numbers) expect(check(number), number).to.equal(true);
      for (const other of ['', 'abc', '0', '0'.repeat(11), '1'.repeat(30)]) expect(check(other), other).to.equal(false);
    });
  }

  it('notices one wrong digit in nearly all of them', () => {
    let [noticed, all] = [0, 0];
    for (const [name, numbers] of Object.entries(right)) {
      if (['usSsn', 'usItin', 'usMbi', 'ukNino'].includes(name)) continue;
      for (const number of numbers) {
        for (let i = 0; i < number.length; i++) {
          if (!/[0-9]/.test(number[i]!)) continue;
          const wrong = number.slice(0, i) + ((Number(number[i]) + 3) % 10) + number.slice(i + 1);
          all++;
          if (!idChecks[name]!(wrong)) noticed++;
        }
      }
    }
    expect(noticed / all).to.be.greaterThan(0.97);
  });

  it('serves a rule of the pack with every check', () => {
    const pack = readFileSync('masks/national-ids.yml', 'utf8');
    expect(Object.keys(idChecks).filter((name) => !new RegExp(`validate: ${name} `).test(pack))).to.deep.equal([]);
  });
});
