import type { StyledLine } from '../styled-line.ts';

const keys: readonly (readonly [keys: string, what: string])[] = [
  ['j k, arrows', 'next and previous finding; away from the newest the list stands still'],
  ['g G, Home End', 'first and newest finding; at the newest the list follows again'],
  ['Space b, PgDn PgUp', 'a page'],
  ['Enter', 'all about a finding: evidence, event, what the same user did, reviews'],
  ['n p', 'there: the next and the previous finding'],
  ['/', 'filter while you type: words that are in the finding, !word: that are not'],
  ['+ -', 'only graver findings, and less grave ones again'],
  ['h', 'people only: hide controllers, nodes and service accounts'],
  ['u', "only this finding's user; again: everybody"],
  ['z', 'hide what was acknowledged, closed or silenced'],
  ['a x r', 'acknowledge, close, reopen, each with a note'],
  ['s', 'silence the rule: for this user, this namespace or everywhere, for a time'],
  ['Ctrl-L, Ctrl-Z', 'draw anew; suspend (`fg` comes back)'],
  ['Esc, q', 'back; at the list: clear the filter; q ends'],
];

export const helpLines: readonly StyledLine[] = [
  [{ text: 'Keys', style: 'bold' }],
  ...keys.map(([key, what]): StyledLine => [{ text: key.padEnd(20), style: 'bold' }, { text: what }]),
  [],
  [{ text: 'Signs before the time: a acknowledged, x closed, s silenced.' }],
  [{ text: 'user~3f2a91bc stands for [MASKED:user:…:3f2a91bc…]; ~ before an address: it is a pseudonym.' }],
  [{ text: 'Nothing on this screen was ever outside the masked log.' }],
];
