import type { Dice } from './planted-shapes.ts';

const firstOctets = [23, 45, 62, 77, 81, 93, 104, 139, 151, 178, 185, 212];
const digitsOf = (dice: Dice, count: number): string => Array.from({ length: count }, () => String(dice.roll(10))).join('');
const inFours = (text: string, between: string): string => text.replace(/.{4}(?=.)/g, `$&${between}`);

/** A public address, its octets in order. */
const octets = (dice: Dice): readonly number[] => [dice.pick(firstOctets), dice.roll(256), dice.roll(256), 1 + dice.roll(254)];

function groups(dice: Dice): string {
  const rest = Array.from({ length: 6 }, () => (0x1000 + dice.roll(0xefff)).toString(16));
  return ['2a01', (0x100 + dice.roll(0x800)).toString(16), ...rest].join(':');
}

/** German account number with its check digits (ISO 13616). */
function iban(dice: Dice): string {
  const account = digitsOf(dice, 18);
  const check = 98n - (BigInt(`${account}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${account}`;
}

/** Card number with its check digit (ISO/IEC 7812). */
function card(dice: Dice): string {
  const digits = `4${digitsOf(dice, 14)}`;
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const weighted = Number(digit) * (i % 2 === 0 ? 2 : 1);
    return total + (weighted > 9 ? weighted - 9 : weighted);
  }, 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** Made-up personal numbers and addresses, by kind; the check digits are right. */
export const plantedNumbers: Readonly<Record<string, (dice: Dice) => string>> = {
  ip4: (dice) => octets(dice).join('.'),
  ip4d: (dice) => octets(dice).join('-'),
  ip4r: (dice) => [...octets(dice)].reverse().join('.'),
  ip6: groups,
  iban,
  ibanspaced: (dice) => inFours(iban(dice), ' '),
  card,
  cardspaced: (dice) => inFours(card(dice), ' '),
  carddashed: (dice) => inFours(card(dice), '-'),
};
