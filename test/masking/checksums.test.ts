import { crc32 as zlibCrc32 } from 'node:zlib';
import { expect } from 'chai';
import fc from 'fast-check';
import {
  crc16,
  crc32,
  crc32Base62,
  luhn,
  mod97,
  mod112,
  mod1110,
  remainder,
  verhoeff,
  weighted,
} from '../../src/masking/checksums.ts';

/** Every check digit scheme here notices every wrong single digit. */
function noticesWrongDigits(check: (digits: string) => boolean, valid: readonly string[]): void {
  for (const number of valid) {
    expect(check(number), 'a valid number').to.equal(true);
    for (let i = 0; i < number.length; i++) {
      if (!/[0-9]/.test(number[i]!)) continue;
      const wrong = number.slice(0, i) + ((Number(number[i]) + 1) % 10) + number.slice(i + 1);
      expect(check(wrong), `digit ${i}`).to.equal(false);
    }
  }
}

describe('masking/checksums', () => {
  it('knows Luhn numbers and every wrong digit in them', () => noticesWrongDigits(luhn, ['4111111111111111', '79927398713']));
  it('knows Verhoeff numbers and every wrong digit in them', () => noticesWrongDigits(verhoeff, ['2363', '123451']));
  it('knows MOD 97-10 as IBANs use it', () => noticesWrongDigits(mod97, ['370400440532013000DE89']));
  it('knows MOD 11,10 numbers', () => noticesWrongDigits(mod1110, ['86095742719', '69435151530']));
  it('knows MOD 11-2 numbers, with X for ten', () => noticesWrongDigits(mod112, ['11010519491231002X', '000000021825009' + '7']));

  it('refuses what is not of digits', () => {
    for (const check of [luhn, verhoeff, mod97, mod1110, mod112]) {
      expect(check('')).to.equal(false);
      expect(check('12 4')).to.equal(false);
    }
  });

  it('takes remainders of numbers beyond what a number holds exactly', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 40n }), fc.integer({ min: 2, max: 997 }), (number, modulus) => {
        expect(remainder(String(number), modulus)).to.equal(Number(number % BigInt(modulus)));
      }),
    );
  });

  it('adds digits times weights and nothing beyond the weights', () => {
    expect(weighted('1239', [3, 2, 1])).to.equal(10);
  });

  it('computes CRC-32 as zlib does', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ -~]{0,60}$/), (text) => {
        if (typeof zlibCrc32 === 'function') expect(crc32(text)).to.equal(zlibCrc32(text));
      }),
    );
    expect(crc32('123456789')).to.equal(0xcbf43926);
  });

  it('writes CRC-32 in six base-62 digits', () => {
    expect(crc32Base62('123456789')).to.match(/^[0-9A-Za-z]{6}$/);
    expect(crc32Base62('')).to.equal('000000');
  });

  it('computes CRC-16/XMODEM', () => {
    expect(crc16(Buffer.from('123456789'))).to.equal(0x31c3);
  });
});
