import { luhn, mod112, mod1110, remainder, verhoeff, weighted } from './checksums.ts';

/**
 * Numbers that states, tax offices and insurers give to people and companies: shape and check digits, after the rules
 * their issuers publish. Each check takes the number as written; spaces, dots, hyphens and slashes between groups do not count.
 */
export type IdCheck = (text: string) => boolean;

/** A check of the bare characters in upper case. */
function bare(shape: RegExp, check: (id: string) => boolean = () => true): IdCheck {
  return (text) => {
    const id = text.replace(/[\s./_:-]/g, '').toUpperCase();
    return shape.test(id) && !/^(.)\1*$/.test(id) && check(id);
  };
}

const digit = (id: string, at: number): number => Number(id.at(at));

/** The weighted sum is a multiple of the modulus. */
const sums = (weights: readonly number[], modulus: number) => (id: string) => weighted(id, weights) % modulus === 0;

/** The last digit is the weighted sum's remainder, or 0 where that is 10. */
const checks = (weights: readonly number[], modulus: number) => (id: string) =>
  (weighted(id, weights) % modulus) % 10 === digit(id, -1);

/** The last digit makes the weighted sum up to the modulus. */
const fills = (weights: readonly number[], modulus: number) => (id: string) =>
  ((modulus - (weighted(id, weights) % modulus)) % modulus) % 10 === digit(id, -1);

const isDay = (month: number, day: number): boolean => month >= 1 && month <= 12 && day >= 1 && day <= 31;

const baltic = (id: string): boolean => {
  const first = weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9, 1]) % 11;
  const check = first < 10 ? first : (weighted(id, [3, 4, 5, 6, 7, 8, 9, 1, 2, 3]) % 11) % 10;
  return check === digit(id, -1) && isDay(Number(id.slice(3, 5)), Number(id.slice(5, 7)));
};

const cpf = (id: string): boolean => {
  const check = (length: number): number =>
    ((weighted(
      id,
      Array.from({ length }, (_, i) => length + 1 - i),
    ) *
      10) %
      11) %
    10;
  return check(9) === digit(id, 9) && check(10) === digit(id, 10);
};

const cnpj = (id: string): boolean => {
  const check = (weights: readonly number[]): number => {
    const rest = weighted(id, weights) % 11;
    return rest < 2 ? 0 : 11 - rest;
  };
  const second = [6, 5, 4, 3, 2, 9, 8, 7, 6, 5, 4, 3, 2];
  return check(second.slice(1)) === digit(id, 12) && check(second) === digit(id, 13);
};

const dniLetters = 'TRWAGMYFPDXBNJZSQVHLCKE';
const dni = (id: string): boolean =>
  dniLetters[Number(id.slice(0, -1).replace(/^[XYZ]/, (c) => String('XYZ'.indexOf(c)))) % 23] === id.at(-1);

const nirNumber = (id: string): string => id.replace('2A', '19').replace('2B', '18');
const nir = (id: string): boolean => 97 - remainder(nirNumber(id).slice(0, 13), 97) === Number(id.slice(13));

const nric = (id: string): boolean => {
  const sum = weighted(id.slice(1), [2, 7, 6, 5, 4, 3, 2]) + ('TG'.includes(id.charAt(0)) ? 4 : id.startsWith('M') ? 3 : 0);
  const letters = 'ST'.includes(id.charAt(0)) ? 'JZIHGFEDCBA' : id.startsWith('M') ? 'KLJNPQRTUWX' : 'XWUTRQPNMLK';
  return letters[id.startsWith('M') ? 10 - (sum % 11) : sum % 11] === id.at(-1);
};

const pps = (id: string): boolean => {
  const second = id.length > 8 && id[8] !== 'W' ? id.charCodeAt(8) - 64 : 0;
  return 'WABCDEFGHIJKLMNOPQRSTUV'[(weighted(id, [8, 7, 6, 5, 4, 3, 2]) + second * 9) % 23] === id[7];
};

const turkish = (id: string): boolean => {
  const odd = weighted(id, [1, 0, 1, 0, 1, 0, 1, 0, 1]);
  const even = weighted(id, [0, 1, 0, 1, 0, 1, 0, 1]);
  return (odd * 7 - even + 100) % 10 === digit(id, 9) && weighted(id, Array(10).fill(1)) % 10 === digit(id, 10);
};

const fiscalOdd: Readonly<Record<string, number>> = Object.fromEntries(
  [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23].flatMap((value, i) => [
    [String.fromCharCode(65 + i), value],
    ...(i < 10 ? [[String(i), value] as const] : []),
  ]),
);
const fiscalCode = (id: string): boolean => {
  let sum = 0;
  for (let i = 0; i < 15; i++) {
    const char = id.charAt(i);
    sum += i % 2 === 0 ? (fiscalOdd[char] ?? 0) : char >= 'A' ? char.charCodeAt(0) - 65 : Number(char);
  }
  return String.fromCharCode(65 + (sum % 26)) === id.at(-1);
};

const alphanumeric = (char: string): number => (char >= 'A' ? char.charCodeAt(0) - 55 : Number(char));
/** Machine-readable documents (ICAO 9303): weights 7, 3, 1 over digits and letters. */
const icao = (id: string): boolean =>
  [...id.slice(0, -1)].reduce((sum, char, i) => sum + alphanumeric(char) * ([7, 3, 1][i % 3] as number), 0) % 10 ===
  digit(id, -1);

const german = (id: string): boolean => {
  const letters = String(id.charCodeAt(8) - 64).padStart(2, '0');
  const weights = [2, 1, 2, 5, 7, 1, 2, 1, 2, 1, 2, 1];
  const sum = [...`${id.slice(0, 8)}${letters}${id.slice(9, 11)}`].reduce((total, char, i) => {
    const product = Number(char) * (weights[i] ?? 0);
    return total + Math.floor(product / 10) + (product % 10);
  }, 0);
  return sum % 10 === digit(id, -1);
};

const finnish = (id: string): boolean =>
  '0123456789ABCDEFHJKLMNPRSTUVWXY'[Number(id.slice(0, 6) + id.slice(-4, -1)) % 31] === id.at(-1);

/** All checks, by the name that packs use. */
export const idChecks: Readonly<Record<string, IdCheck>> = {
  usSsn: (text) => /^(?!000|666|9)[0-9]{3}([- .]?)(?!00)[0-9]{2}\1(?!0000)[0-9]{4}$/.test(text),
  usItin: bare(/^9[0-9]{2}(?:5[0-9]|6[0-5]|7[0-9]|8[0-8]|9[0-24-9])[0-9]{4}$/),
  usNpi: bare(/^[12][0-9]{9}$/, (id) => luhn(`80840${id}`)),
  usAba: bare(/^(?:0[0-9]|1[0-2]|2[1-9]|3[0-2]|6[1-9]|7[0-2]|80)[0-9]{7}$/, sums([3, 7, 1, 3, 7, 1, 3, 7, 1], 10)),
  usDea: bare(/^[A-Z][A-Z9][0-9]{7}$/, (id) => checks([1, 2, 1, 2, 1, 2], 10)(id.slice(2))),
  usMbi: bare(
    /^[1-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y][AC-HJKMNP-RT-Y0-9][0-9][AC-HJKMNP-RT-Y]{2}[0-9]{2}$/,
  ),
  ukNino: bare(/^(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z][0-9]{6}[A-D]$/),
  ukNhs: bare(/^[0-9]{10}$/, (id) => (11 - (weighted(id, [10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11 === digit(id, -1)),
  ukUtr: bare(/^[0-9]{10}$/, (id) => '21987654321'[weighted(id.slice(1), [6, 7, 8, 9, 10, 5, 4, 3, 2]) % 11] === id[0]),
  caSin: bare(/^[1-9][0-9]{8}$/, luhn),
  deTaxId: bare(/^[1-9][0-9]{10}$/, mod1110),
  deSocialInsurance: bare(/^[0-9]{8}[A-Z][0-9]{3}$/, german),
  deHealthInsurance: bare(/^[A-Z][0-9]{9}$/, (id) => {
    const number = String(id.charCodeAt(0) - 64).padStart(2, '0') + id.slice(1, 9);
    const sum = [...number].reduce(
      (total, char, i) => total + ((Number(char) * ((i % 2) + 1)) % 10) + (Number(char) * ((i % 2) + 1) > 9 ? 1 : 0),
      0,
    );
    return sum % 10 === digit(id, -1);
  }),
  machineReadable: bare(/^[A-Z0-9]{9,10}$/, icao),
  frNir: bare(/^[12378][0-9]{2}(?:0[1-9]|1[0-2]|[2-9][0-9])(?:[0-9]{2}|2[AB])[0-9]{8}$/, nir),
  frTaxId: bare(/^[0-3][0-9]{12}$/, (id) => remainder(id.slice(0, 10), 511) === Number(id.slice(10))),
  esNif: bare(/^[0-9XYZ][0-9]{7}[A-Z]$/, dni),
  esSocialSecurity: bare(/^[0-9]{12}$/, (id) => remainder(id.slice(0, 10), 97) === Number(id.slice(10))),
  itFiscalCode: bare(/^[A-Z]{6}[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[A-Z][0-9LMNP-V]{3}[A-Z]$/, fiscalCode),
  itVat: bare(/^[0-9]{11}$/, luhn),
  plPesel: bare(
    /^[0-9]{11}$/,
    (id) => isDay(Number(id.slice(2, 4)) % 20 || 0, Number(id.slice(4, 6))) && fills([1, 3, 7, 9, 1, 3, 7, 9, 1, 3], 10)(id),
  ),
  plNip: bare(/^[0-9]{10}$/, (id) => weighted(id, [6, 5, 7, 2, 3, 4, 5, 6, 7]) % 11 === digit(id, -1)),
  sePersonal: (text) => /^(?:[0-9]{2})?[0-9]{6}[-+]?[0-9]{4}$/.test(text) && luhn(text.replace(/[-+]/g, '').slice(-10)),
  fiPersonal: (text) => /^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Y]$/i.test(text) && finnish(text.toUpperCase()),
  brCpf: bare(/^[0-9]{11}$/, cpf),
  brCnpj: bare(/^[0-9]{14}$/, cnpj),
  inAadhaar: bare(/^[2-9][0-9]{11}$/, verhoeff),
  inPan: bare(/^[A-Z]{3}[ABCFGHLJPT][A-Z][0-9]{4}[A-Z]$/),
  inGstin: bare(/^[0-3][0-9][A-Z]{5}[0-9]{4}[A-Z][1-9A-Z]Z[0-9A-Z]$/),
  auTfn: bare(/^[0-9]{8,9}$/, (id) => sums(id.length === 9 ? [1, 4, 3, 7, 5, 8, 6, 9, 10] : [10, 7, 8, 4, 6, 3, 5, 1], 11)(id)),
  auAbn: bare(/^[0-9]{11}$/, (id) => (weighted(id, [10, 1, 3, 5, 7, 9, 11, 13, 15, 17, 19]) - 10) % 89 === 0),
  auAcn: bare(/^[0-9]{9}$/, fills([8, 7, 6, 5, 4, 3, 2, 1], 10)),
  auMedicare: bare(/^[2-6][0-9]{9,10}$/, (id) => weighted(id, [1, 3, 7, 9, 1, 3, 7, 9]) % 10 === digit(id, 8)),
  sgNric: bare(/^[STFGM][0-9]{7}[A-Z]$/, nric),
  krRrn: bare(/^[0-9]{6}[1-8][0-9]{6}$/, (id) => isDay(Number(id.slice(2, 4)), Number(id.slice(4, 6)))),
  krBusiness: bare(
    /^[0-9]{10}$/,
    (id) =>
      fills([1, 3, 7, 1, 3, 7, 1, 3, 5], 10)(id) ||
      (weighted(id, [1, 3, 7, 1, 3, 7, 1, 3, 5]) + Math.floor((digit(id, 8) * 5) / 10) + digit(id, 9)) % 10 === 0,
  ),
  zaId: bare(/^[0-9]{13}$/, (id) => isDay(Number(id.slice(2, 4)), Number(id.slice(4, 6))) && luhn(id)),
  trId: bare(/^[1-9][0-9]{10}$/, turkish),
  nlBsn: bare(/^[0-9]{8,9}$/, (id) => sums([9, 8, 7, 6, 5, 4, 3, 2, -1], 11)(id.padStart(9, '0'))),
  beNational: bare(/^[0-9]{11}$/, (id) =>
    [id.slice(0, 9), `2${id.slice(0, 9)}`].some((part) => 97 - remainder(part, 97) === Number(id.slice(9))),
  ),
  cnId: bare(/^[1-9][0-9]{16}[0-9X]$/, (id) => isDay(Number(id.slice(10, 12)), Number(id.slice(12, 14))) && mod112(id)),
  bgEgn: bare(/^[0-9]{10}$/, checks([2, 4, 8, 5, 10, 9, 7, 3, 6], 11)),
  eeLtPersonal: bare(/^[1-6][0-9]{10}$/, baltic),
  lvPersonal: bare(
    /^[0-9]{11}$/,
    (id) => id.startsWith('32') || (1101 - weighted(id, [1, 6, 3, 7, 9, 10, 5, 8, 4, 2])) % 11 === digit(id, -1),
  ),
  roCnp: bare(
    /^[1-9][0-9]{12}$/,
    (id) =>
      (weighted(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11 === 10
        ? 1
        : weighted(id, [2, 7, 9, 1, 4, 6, 3, 5, 8, 2, 7, 9]) % 11) === digit(id, -1),
  ),
  czRodneCislo: bare(
    /^[0-9]{9,10}$/,
    (id) =>
      isDay((Number(id.slice(2, 4)) % 50) % 20, Number(id.slice(4, 6))) &&
      (id.length === 9 || remainder(id, 11) === 0 || (remainder(id.slice(0, 9), 11) === 10 && id.endsWith('0'))),
  ),
  ptNif: bare(
    /^[1-9][0-9]{8}$/,
    (id) => (Math.max(0, 11 - (weighted(id, [9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digit(id, -1),
  ),
  iePps: bare(/^[0-9]{7}[A-W][A-IW]?$/, pps),
  atSvnr: bare(/^[0-9]{10}$/, (id) => weighted(id, [3, 7, 9, 0, 5, 8, 4, 2, 1, 6]) % 11 === digit(id, 3)),
  siEmso: bare(
    /^[0-9]{13}$/,
    (id) => ((11 - (weighted(id, [7, 6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digit(id, -1),
  ),
  siTax: bare(/^[1-9][0-9]{7}$/, (id) => ((11 - (weighted(id, [8, 7, 6, 5, 4, 3, 2]) % 11)) % 11) % 10 === digit(id, -1)),
  grAmka: bare(/^[0-9]{11}$/, (id) => isDay(Number(id.slice(2, 4)), Number(id.slice(0, 2))) && luhn(id)),
  grAfm: bare(/^[0-9]{9}$/, checks([256, 128, 64, 32, 16, 8, 4, 2], 11)),
  huTax: bare(/^8[0-9]{9}$/, (id) => weighted(id, [1, 2, 3, 4, 5, 6, 7, 8, 9]) % 11 === digit(id, -1)),
  luNational: bare(/^[12][0-9]{12}$/, (id) => luhn(id.slice(0, 12)) && isDay(Number(id.slice(4, 6)), Number(id.slice(6, 8)))),
  thId: bare(
    /^[1-8][0-9]{12}$/,
    (id) => (11 - (weighted(id, [13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2]) % 11)) % 10 === digit(id, -1),
  ),
};
