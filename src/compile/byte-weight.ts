import type { ByteClass } from '../scan/regex/byte-class.ts';

/** How often bytes occur in JSON text of audit logs, roughly, in parts per thousand: the basis for choosing rare anchors. */
export function byteWeight(byte: number): number {
  if (byte >= 97 && byte <= 122) return byteWeights[byte - 97] ?? 10;
  if (byte >= 48 && byte <= 57) return 12;
  if (byte === 34) return 60;
  if (byte === 58 || byte === 44 || byte === 45 || byte === 46 || byte === 47) return 15;
  if (byte === 32) return 15;
  if (byte >= 65 && byte <= 90) return 4;
  return byte < 128 ? 3 : 0.2;
}
const byteWeights = [45, 10, 28, 24, 70, 12, 12, 14, 42, 2, 10, 26, 20, 42, 38, 22, 1, 36, 44, 52, 18, 8, 6, 4, 8, 1];

/** The most frequent pairs of letters in audit logs, most frequent first (counted in this project's bench corpus). */
const letterPairs =
  'er me es on na te am re io at st ti co nt ta se in le et ce al or ue ec po en be ge ro ou ap tr ol th ed ag va ' +
  'lu ic ub de ri ku li ve em im ea ne od pa it el ac ut ur au mp as us un rn ma ll nd ns ss ts si pr to tp ar rs ' +
  'he mi pl ex ra pi ca ef ot mo da is ys ds no sp fi ep ad rt om la ru tt lo iv vi cc sy ke so ng an di rv cr pp ' +
  'ct ht tu id pe ev rc ry ul ie ch ho pu ab ld qu rm ps nf eq cy il ai ni gr fa sh ig ow iz ls sc ty oc xa oo up ' +
  'cp ha eg cl za sa eb ip ob we bl nm wo ey dp ei ud tc rk su fe nn rd db gi cu op eu ia ee ui by rb ww ck lp tl ' +
  'fr rr je bi du og oi eo lt ki um dr ay nu ci ba bj nc xp xt hr ff cb nv do sv ym ew os fo dl md yc dt dd ze sw ' +
  'df nr ax ux yp yt wa dg tw vo ok rp pt tn oy pd dy dc tz ko';
const pairRanks = new Map(letterPairs.split(' ').map((pair, rank) => [pair, rank]));

/** What share of a pair of letters is written with a capital in it. */
const capitalShare = 0.04;

/** Roughly how many of a thousand adjacent pairs are this one. */
export function pairWeight(first: number, second: number): number {
  const pair = String.fromCharCode(first, second).toLowerCase();
  if (!/^[a-z]{2}$/.test(pair)) return (byteWeight(first) * byteWeight(second)) / 1000;
  const rank = pairRanks.get(pair);
  const weight = rank === undefined ? 0.1 : 12 / (1 + rank / 12);
  return first >= 97 && second >= 97 ? weight : weight * capitalShare;
}

export function classPairWeight(first: ByteClass, second: ByteClass): number {
  let sum = 0;
  for (let a = 0; a < 256; a++) {
    if (!first[a]) continue;
    for (let b = 0; b < 256; b++) if (second[b]) sum += pairWeight(a, b);
  }
  return sum;
}

export function classWeight(one: ByteClass): number {
  let sum = 0;
  for (let byte = 0; byte < 256; byte++) if (one[byte]) sum += byteWeight(byte);
  return Math.max(sum, 0.1);
}
